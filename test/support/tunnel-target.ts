import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { withPresets } from "../../main/contract/tunnel-provider.ts";
import { silentLogger } from "../../main/platform/log.ts";
import type { OpenContext, OpenTunnel, TunnelProvider } from "../../main/tunnels/tunnel.ts";
import { tempFolder } from "./temp-folder.ts";

export interface TakenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Stands where a tunnel's own listener would: keeps what comes, and answers with its SHA-256. */
export interface TunnelTarget {
  readonly port: number;
  readonly requests: readonly TakenRequest[];
  /** Who is noted to be behind connections now. */
  readonly senders: ReadonlyMap<number, string>;
  /** What providers asked to be remembered. */
  readonly remembered: Readonly<Record<string, string>>;
  /** Answers so from now on. */
  answerWith(status: number): void;
  /** Opens a tunnel to here; closed after the test. */
  open(provider: TunnelProvider, settings: Readonly<Record<string, string>>, change?: Partial<OpenContext>): Promise<OpenTunnel>;
}

export async function startTunnelTarget(t: TestContext): Promise<TunnelTarget> {
  const requests: TakenRequest[] = [];
  const senders = new Map<number, string>();
  const remembered: Record<string, string> = {};
  let status = 200;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    requests.push({ method: request.method!, url: request.url!, headers: request.headers, body });
    response.statusCode = status;
    response.end(createHash("sha256").update(body).digest("hex"));
  }).listen(0, "127.0.0.1");
  Object.assign(server, { httpAllowHalfOpen: true }); // as the ingress does (RFC 9112 §9.6)
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const dataFolder = tempFolder(t);
  const opened: OpenTunnel[] = [];
  t.after(async () => {
    await Promise.all(opened.map((tunnel) => tunnel.close()));
    server.closeAllConnections();
    server.close();
  });
  return {
    port,
    requests,
    senders,
    remembered,
    answerWith: (next) => void (status = next),
    async open(provider, settings, change = {}) {
      const tunnel = await provider.open(withPresets(provider.id, settings), {
        localPort: port,
        dataFolder,
        env: {},
        signal: new AbortController().signal,
        logger: silentLogger,
        remember: (setting, value) => void (remembered[setting] = value),
        noteSender: (fromPort, address) => void (address === null ? senders.delete(fromPort) : senders.set(fromPort, address)),
        ...change,
      });
      opened.push(tunnel);
      return tunnel;
    },
  };
}

/** A fault by its message, as tests want to look at it. */
export function needsPerson(pattern: RegExp): (error: unknown) => boolean {
  return (error) => (error as { needsPerson?: boolean }).needsPerson === true && pattern.test((error as Error).message);
}
