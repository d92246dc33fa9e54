import { Agent, request } from "node:http";

export interface Answered {
  readonly id: string;
  readonly seq: number;
  readonly marker: string;
}

export interface WebhookLoad {
  /** What was answered 2xx so far. */
  readonly answered: readonly Answered[];
  /** Markers of everything that was sent, answered or not. */
  readonly sent: ReadonlySet<string>;
  /** Resolves when so many were answered. */
  reaches(count: number): Promise<void>;
  /** Resolves when every connection has met its first failure: the hub is gone. */
  readonly ended: Promise<void>;
}

/**
 * One webhook after the other on each of `connections` kept-alive connections, until the hub goes away. Each body is
 * about 1 KiB and begins with a marker no other has.
 */
export function startWebhookLoad(url: string, connections: number, name: string): WebhookLoad {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const answered: Answered[] = [];
  const sent = new Set<string>();
  const waiting: { count: number; resolve: () => void }[] = [];

  const work = async (worker: number): Promise<void> => {
    for (let n = 0; ; n += 1) {
      const marker = `${name}-${worker}-${n}`;
      sent.add(marker);
      const answer = await post(url, agent, JSON.stringify({ marker, filling: "x".repeat(1000) })).catch(() => null);
      if (answer === null) return;
      answered.push({ ...answer, marker });
      for (const one of waiting) if (answered.length >= one.count) one.resolve();
    }
  };
  const ended = Promise.all(Array.from({ length: connections }, (_, index) => work(index))).then(() => agent.destroy());
  return {
    answered,
    sent,
    ended,
    reaches(count) {
      const { promise, resolve } = Promise.withResolvers<void>();
      if (answered.length >= count) resolve();
      else waiting.push({ count, resolve });
      return Promise.race([promise, ended]);
    },
  };
}

function post(url: string, agent: Agent, body: string): Promise<{ id: string; seq: number }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ id: string; seq: number }>();
  const outgoing = request(url, {
    method: "POST",
    agent,
    headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body) },
  });
  outgoing.on("error", reject);
  outgoing.on("response", (response) => {
    let text = "";
    response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    response.on("error", reject);
    response.on("end", () => {
      if (response.statusCode !== 200) return reject(new Error(`${response.statusCode}: ${text}`));
      resolve(JSON.parse(text) as { id: string; seq: number });
    });
  });
  outgoing.end(body);
  return promise;
}
