import { parseDuration } from "../config/parse-value.ts";
import { RefusalError } from "../contract/errors.ts";
import type { InspectorClient } from "../contract/inspector.ts";
import type { TunnelInfo } from "../contract/tunnel.ts";
import { TUNNEL_PROVIDER_TEXTS } from "../contract/tunnel-provider.ts";
import { flagText, UsageError, type CommandInput } from "./command.ts";
import type { CliIo } from "./io.ts";
import { toSafeText } from "./safe-text.ts";
import { createStyle } from "./style.ts";

const DEFAULT_WAIT_MS = 90_000;
const parseTime = parseDuration(0, 3_600_000);

/** How long `open` waits, in ms. Throws UsageError. */
export function parseWait(input: CommandInput): number {
  const text = flagText(input, "wait");
  if (text === undefined) return DEFAULT_WAIT_MS;
  const parsed = text === "0" ? { value: 0 } : parseTime(text, "");
  if ("value" in parsed) return parsed.value;
  throw new UsageError(`--wait takes a time like 30s, or 0, not "${text}".`, "tunnel");
}

/** Resolves when the tunnel is open and tried, when every provider has failed, or when it has taken too long. */
export function waitForTunnel(client: InspectorClient, opened: TunnelInfo, waitMs: number, io: CliIo): Promise<TunnelInfo> {
  const style = createStyle(io, io.stderr);
  let last = opened;
  let told = "";
  const tell = ({ state, provider, publicUrl }: TunnelInfo): void => {
    const by = provider === null ? "" : ` by ${TUNNEL_PROVIDER_TEXTS[provider].title}`;
    const line = state === "opening" ? `Opening${by}…` : publicUrl !== null ? `Trying ${publicUrl}…` : "";
    if (line === "" || line === told || !io.stderr.isTTY) return;
    told = line;
    void io.stderr.write(toSafeText(`${style("dim", line)}\n`));
  };
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      clearTimeout(tooLong);
      feed.close();
      resolve(last);
    };
    const tooLong = setTimeout(finish, waitMs);
    const feed = client.open(
      "tunnels",
      {},
      {
        onItems(items) {
          const one = items.at(-1)?.tunnels.find(({ name }) => name === opened.name);
          if (!one) return;
          last = one;
          tell(one);
          if (isSettled(one)) finish();
        },
        onGap: () => undefined,
        onEnd(error) {
          clearTimeout(tooLong);
          reject(new RefusalError(error ?? { code: "HUB_UNREACHABLE", message: "The hub has ended the connection." }));
        },
      },
    );
  });
}

function isSettled({ state, selfTest, health }: TunnelInfo): boolean {
  return state === "retrying" || state === "off" || state === "failing" || (state === "open" && (!selfTest || health !== null));
}
