import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { TestContext } from "node:test";

export interface RawAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RawConnection {
  readonly socket: Socket;
  /** Sends bytes as they are; text as latin1, so that every character up to U+00FF is one byte. */
  send(bytes: string | Uint8Array): void;
  /** The next whole answer, interim ones (1xx) too. `withoutBody` for an answer to HEAD. */
  answer(options?: { readonly withoutBody?: boolean }): Promise<RawAnswer>;
  /** Resolves when the other side has closed. */
  closed(): Promise<void>;
}

/** HTTP by hand, where a client would tidy what is sent. */
export async function openRaw(t: TestContext, port: number): Promise<RawConnection> {
  const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
  t.after(() => socket.destroy());
  await once(socket, "connect");
  let received = Buffer.alloc(0);
  let ended = false;
  let wake: () => void = () => {};
  const { promise: closing, resolve: setClosed } = Promise.withResolvers<void>();
  socket.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    wake();
  });
  const end = (): void => {
    ended = true;
    setClosed();
    wake();
  };
  socket.on("end", end);
  socket.on("error", end);
  socket.on("close", end);

  return {
    socket,
    send: (bytes) => void socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes),
    async answer({ withoutBody = false } = {}) {
      for (;;) {
        const parsed = parseAnswer(received, withoutBody);
        if (parsed) {
          received = received.subarray(parsed.length);
          return parsed.answer;
        }
        if (ended) throw new Error(`The connection ended without a whole answer; received: ${received.toString("latin1").slice(0, 200)}`);
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        await promise;
      }
    },
    closed: () => closing,
  };
}

function parseAnswer(bytes: Buffer, withoutBody: boolean): { answer: RawAnswer; length: number } | null {
  const headEnd = bytes.indexOf("\r\n\r\n");
  if (headEnd < 0) return null;
  const [statusLine = "", ...lines] = bytes.toString("latin1", 0, headEnd).split("\r\n");
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
  );
  const status = Number(statusLine.split(" ")[1]);
  const bodiless = withoutBody || status < 200 || status === 204 || status === 304;
  const length = headEnd + 4 + (bodiless ? 0 : Number(headers["content-length"] ?? 0));
  if (bytes.length < length) return null;
  return { answer: { status, headers, body: bytes.toString("utf8", headEnd + 4, length) }, length };
}
