import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";

export interface TargetRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface WebhookTarget {
  readonly url: string;
  readonly port: number;
  /** In the order they came whole. */
  readonly requests: readonly TargetRequest[];
  /** The ids of the webhooks, in the same order. */
  ids(): string[];
  /** From now on. */
  answerWith(answer: TargetAnswer): void;
}

export type TargetAnswer = (request: TargetRequest, response: ServerResponse, raw: IncomingMessage) => void;

export const answer =
  (status: number, headers: Readonly<Record<string, string>> = {}, body = ""): TargetAnswer =>
  (_request, response) => {
    response.writeHead(status, headers).end(body);
  };

/** A receiver of webhooks on a free port of 127.0.0.1; stopped after the test. It answers 200 until told otherwise. */
export async function startTarget(t: TestContext, first: TargetAnswer = answer(200)): Promise<WebhookTarget> {
  const requests: TargetRequest[] = [];
  let how = first;
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const request = { path: incoming.url ?? "", headers: incoming.headers, body: Buffer.concat(chunks) };
      requests.push(request);
      how(request, response, incoming);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    port,
    requests,
    ids: () => requests.map(({ headers }) => String(headers["webhook-id"])),
    answerWith(next) {
      how = next;
    },
  };
}
