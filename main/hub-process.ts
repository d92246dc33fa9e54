import { parseFlags } from "./config/parse-flags.ts";
import { loadConfig } from "./config/load-config.ts";
import { compose, type RunningHub } from "./compose.ts";
import { RefusalError, refuse, type Refusal } from "./contract/errors.ts";
import type { FromHubProcess, ToHubProcess } from "./hub-process-messages.ts";
import { openMessagePortLink, type PortLike } from "./inspector/links/message-port-link.ts";
import { createLogger, type Logger } from "./platform/log.ts";

/** As much of Electron's utilityProcess as is needed, so that nothing here imports electron. */
interface ParentPort {
  on(event: "message", listener: (event: { readonly data: ToHubProcess; readonly ports: readonly PortLike[] }) => void): void;
  postMessage(message: FromHubProcess): void;
}

/** The hub inside the desktop app: told what to do by messages (hub-process-messages.ts), linked to windows by ports. */
function runHubProcess(desktop: ParentPort): void {
  let running: RunningHub | null = null;
  let logger: Logger = createLogger({ level: "info", pretty: false });
  let starting: Promise<void> = Promise.resolve();
  /** Windows that were quicker than the hub. */
  const waiting: PortLike[] = [];

  const tell = (message: FromHubProcess): void => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port to a process, no window
    desktop.postMessage(message);
  };
  const fail = (refusal: Refusal): void => {
    tell({ type: "failed", refusal });
    // The message leaves with the next turn of the loop; the process must not outlive its failure.
    setImmediate(() => process.exit(1));
  };

  const sayReady = (): void => {
    if (!running) return;
    const { version, dataFolder, listeners } = running.hub.status();
    tell({ type: "ready", version, dataFolder, listeners });
  };

  const start = async (flags: readonly string[]): Promise<void> => {
    const parsed = parseFlags(flags);
    if (!parsed.ok) return fail(parsed.refusal);
    const loaded = loadConfig({ flags: parsed.value.values, env: process.env, cwd: process.cwd() });
    if (!loaded.ok) return fail(loaded.refusal);
    const { config, warnings } = loaded.value;
    logger = createLogger({ level: config.logLevel, pretty: false });
    for (const warning of warnings) logger.warn(warning);
    try {
      running = await compose(config, { logger, onListeners: sayReady });
    } catch (error) {
      return fail(toRefusal(error, logger));
    }
    sayReady();
    for (const port of waiting.splice(0)) running.inspector.attach(openMessagePortLink(port), "trusted");
  };

  const stop = async (): Promise<void> => {
    await starting; // to close what it opens
    await running?.stop();
    tell({ type: "stopped" });
    setImmediate(() => process.exit(0));
  };

  desktop.on("message", ({ data, ports }) => {
    switch (data.type) {
      case "start":
        starting = start(data.flags);
        return;
      case "stop":
        return void stop();
      case "ping":
        return tell({ type: "pong" });
      case "login-link": {
        const listens = running?.hub.listeners.status().some((listener) => listener.name === "inspector") ?? false;
        return tell({
          type: "login-link",
          id: data.id,
          url: running && listens ? running.inspector.createLoginLink() : null,
        });
      }
      case "connect": {
        const port = ports[0];
        if (!port) return logger.error("A window asked to be linked and gave no port.");
        if (running) running.inspector.attach(openMessagePortLink(port), "trusted");
        else waiting.push(port);
      }
    }
  });
}

function toRefusal(error: unknown, logger: Logger): Refusal {
  if (error instanceof RefusalError) {
    const { code, message, details } = error;
    return details ? { code, message, details } : { code, message };
  }
  logger.error("The hub could not start.", { error });
  return refuse("INTERNAL", `The hub could not start: ${error instanceof Error ? error.message : String(error)}`).refusal;
}

const { parentPort } = process as NodeJS.Process & { readonly parentPort?: ParentPort };
if (parentPort) runHubProcess(parentPort);
else {
  process.stderr.write("This is the hub's part of the desktop app, started by it. To run the hub by itself: signalbox serve\n");
  process.exitCode = 1;
}
