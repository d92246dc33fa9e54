import { loadConfig } from "../config/load-config.ts";
import { SETTING_KEYS, SETTINGS } from "../config/settings.ts";
import { RefusalError } from "../contract/errors.ts";
import type { RunningHub } from "../compose.ts";
import { systemClock } from "../platform/clock.ts";
import { createLogger, type Logger } from "../platform/log.ts";
import type { Command, OptionSpec, OptionSpecs } from "./command.ts";
import { EXIT } from "./exit-codes.ts";
import type { CliIo } from "./io.ts";
import { createStyle } from "./style.ts";

/** A clean stop is done within 5 s; what hangs longer is cut. */
const STOP_WITHIN_MS = 4500;
/** Under npm one Ctrl-C comes twice: from the terminal, and passed on. */
const SAME_PRESS_MS = 500;

export const serve: Command = {
  name: "serve",
  summary: "run the hub",
  usage: "serve [options]",
  about: [
    "Runs the hub until Ctrl-C or SIGTERM, and prints where it listens when it is ready. Every option can also be",
    "given in a settings file (the same names) or in the environment (--max-body is SIGNALBOX_MAX_BODY); an option",
    "wins over the environment, and that over the file.",
  ],
  arguments: { min: 0, max: 0 },
  options: settingOptions(),
  examples: [
    ["signalbox serve", "on the usual ports, in the usual folder"],
    ["signalbox serve --data ./events --ingress 127.0.0.1:5800", "a folder and a port of your own"],
    ["signalbox serve --ingress 127.0.0.1:0 --inspector 127.0.0.1:0 --json", "free ports, told to the program that started it"],
  ],
  async run(input, io) {
    const loaded = loadConfig({ flags: input.flags, env: io.env, cwd: process.cwd() });
    if (!loaded.ok) throw new RefusalError(loaded.refusal);
    const { config, file, warnings } = loaded.value;
    const logger = createLogger({ level: config.logLevel, pretty: io.stderr.isTTY === true });
    for (const warning of warnings) logger.warn(warning);
    if (file) logger.info("Settings read.", { file });
    io.onCrash((error) => {
      logger.error("A bug ended the hub. Nothing acknowledged is lost; please report this.", { error });
      io.exitNow(EXIT.failed);
    });

    const interrupted = nextInterrupt(io, logger);
    const { compose } = await import("../compose.ts");
    const running = await compose(config, { logger });
    const forget = io.onHangup(() => void running.reload());
    const ready = describe(running, config.dataFolder);
    await io.stdout.write(input.json ? `${JSON.stringify(ready)}\n` : readyLines(ready, io));
    await interrupted;
    forget();
    return stop(running, logger, io);
  },
};

/** Resolves at the first Ctrl-C or SIGTERM; the second does not wait. */
function nextInterrupt(io: CliIo, logger: Logger): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let askedAt: number | null = null;
  io.onInterrupt(() => {
    const now = systemClock.monotonic();
    if (askedAt !== null) return now - askedAt > SAME_PRESS_MS ? io.exitNow(EXIT.forced) : undefined;
    askedAt = now;
    logger.info("Stopping; once more to end at once.");
    resolve();
  });
  return promise;
}

async function stop(running: RunningHub, logger: Logger, io: CliIo): Promise<number> {
  const deadline = setTimeout(() => {
    logger.error(`The hub did not stop within ${STOP_WITHIN_MS} ms and is cut. Nothing acknowledged is lost.`);
    io.exitNow(EXIT.failed);
  }, STOP_WITHIN_MS);
  await running.stop();
  clearTimeout(deadline);
  return EXIT.ok;
}

/** What `--json` prints: a listener that is off is left out. */
interface Ready {
  readonly ingress?: string;
  readonly inspector?: string;
  readonly mqtt?: string;
  readonly https?: string;
  readonly mqtts?: string;
  /** SHA-256 of the certificate that the last two show. */
  readonly fingerprint?: string;
  /** The inspector's address with a login good for one use. */
  readonly login?: string;
  readonly data: string;
  readonly pid: number;
}

function describe({ hub, inspector }: RunningHub, data: string): Ready {
  const { listeners, certificate } = hub.status();
  const urls = Object.fromEntries(listeners.map(({ name, url }) => [name, url]));
  const shown = certificate ? { fingerprint: certificate.fingerprint } : {};
  return { ...urls, ...shown, ...(urls["inspector"] ? { login: inspector.createLoginLink() } : {}), data, pid: process.pid };
}

function readyLines({ ingress, inspector, mqtt, https, mqtts, fingerprint, login, data }: Ready, io: CliIo): string {
  const style = createStyle(io, io.stdout);
  const rows = [
    ["ingress", ingress ? `${ingress}/in/<source>` : "off"],
    ["inspector", inspector && login ? `${login}  (one-time link)` : "off"],
    ["mqtt", mqtt ?? "off"],
    // Off unless asked for: no line then.
    ...(https ? [["https", `${https}/in/<source>`] as const] : []),
    ...(mqtts ? [["mqtts", mqtts] as const] : []),
    ...(fingerprint ? [["SHA-256", fingerprint] as const] : []),
    ["data", data],
    ["stop", "Ctrl-C"],
  ] as const;
  return rows.map(([name, value]) => `${style("bold", name.padEnd(9))}  ${value}\n`).join("");
}

function settingOptions(): OptionSpecs {
  const entries = SETTING_KEYS.map((key): [string, OptionSpec] => {
    const { name, value, help, preset, multiple } = SETTINGS[key];
    const text = `${help} [${preset}]`;
    if (value === null) return [name, { type: "boolean", help: text }];
    return [name, { type: "string", value, help: text, ...(multiple ? { multiple } : {}) }];
  });
  return {
    config: { type: "string", value: "FILE", help: "a settings file [FOLDER/signalbox.yaml, if it is there]" },
    ...Object.fromEntries(entries),
  };
}
