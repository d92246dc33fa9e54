import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import type { HeaderList } from "../../main/contract/event.ts";
import { toCurl } from "../../renderer/format/curl.ts";

interface Received {
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderList;
  readonly body: Buffer;
}

let server: Server;
let origin = "";
let received: Received[] = [];

before(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const raw = request.rawHeaders;
      const headers = raw.flatMap((name, at) => (at % 2 === 0 ? [[name, raw[at + 1]!] as const] : []));
      received.push({ method: request.method!, target: request.url!, headers, body: Buffer.concat(chunks) });
      response.end("ok");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

after(() => server.close());

/** Runs the copied command in a real bash, as a person would who pastes it, and gives what arrived. */
async function paste(request: {
  readonly method?: string;
  readonly target?: string;
  readonly headers?: HeaderList;
  readonly body?: Uint8Array | string;
  readonly httpVersion?: string;
}): Promise<{ command: string; got: Received }> {
  const body = typeof request.body === "string" ? Buffer.from(request.body) : (request.body ?? new Uint8Array());
  const command = toCurl({
    method: request.method ?? "POST",
    url: origin + (request.target ?? "/in/test"),
    httpVersion: request.httpVersion ?? "1.1",
    headers: request.headers ?? [["Content-Length", String(body.length)]],
    body,
  });
  received = [];
  const bash = spawn("bash", ["-s"], { env: { ...process.env, no_proxy: "*" }, stdio: ["pipe", "ignore", "ignore"] });
  bash.stdin.end(`${command}\n`);
  await once(bash, "exit");
  assert.equal(received.length, 1, command);
  return { command, got: received[0]! };
}

test("a body with quotes, newlines, dollars, backslashes and emoji arrives byte for byte", async () => {
  const body = `{"it's":"a \\"test\\"",\n"cost":"$HOME \`id\` \\\\ !! \${x}","face":"🚦"}\n`;
  const { got } = await paste({ body });
  assert.equal(got.body.toString(), body);
});

test("a body that begins with @ is not taken for a file name", async () => {
  const { got } = await paste({ body: "@/etc/hostname" });
  assert.equal(got.body.toString(), "@/etc/hostname");
});

test("control characters are written as escapes, so that pasting them does nothing to the terminal", async () => {
  const body = "a\tb\r\nc\u001b[31m'\u0007!\u202e\\x";
  const { command, got } = await paste({ body });
  assert.deepEqual(got.body, Buffer.from(body));
  assert.doesNotMatch(command, /[\u0000-\u0009\u000b-\u001f\u202e]/);
});

test("every byte value arrives, NUL included, by way of base64", async () => {
  const body = Uint8Array.from({ length: 1024 }, (_, at) => at & 0xff);
  const { command, got } = await paste({ body });
  assert.deepEqual(new Uint8Array(got.body), body);
  assert.match(command, /--data-binary @-/);
});

test("a body too long for one argument arrives whole", async () => {
  const body = "x'y\n".repeat(60_000);
  const { got } = await paste({ body });
  assert.equal(got.body.toString(), body);
});

test("headers keep their order, case, duplicates, empty values and bytes above 0x7F", async () => {
  const headers: HeaderList = [
    ["X-First", "1"],
    ["x-SECOND", 'it\'s "two"'],
    ["Set-Thing", "a"],
    ["Set-Thing", "b"],
    ["X-Empty", ""],
    ["X-Bytes", "caf\u00e9"],
    ["Content-Type", "text/plain; charset=x"],
    ["Content-Length", "2"],
  ];
  const { got } = await paste({ headers, body: "hi" });
  const sent = got.headers.filter(([name]) => !["Host", "Content-Length"].includes(name));
  assert.deepEqual(sent, headers.slice(0, -1));
});

test("curl adds no header of its own", async () => {
  const { got } = await paste({ headers: [["content-length", "3000"]], body: "z".repeat(3000) });
  assert.deepEqual(got.headers.map(([name]) => name.toLowerCase()).sort(), ["content-length", "host"]);
});

test("a foreign Host header is kept, the connection's own is left to curl", async () => {
  const { got } = await paste({ headers: [["Host", "hooks.example.com"]], method: "GET" });
  assert.deepEqual(
    got.headers.filter(([name]) => name === "Host"),
    [["Host", "hooks.example.com"]],
  );
});

test("methods and targets are sent as they came", async () => {
  const target = "/in/test/../a//b?q=[1-3]&r={x,y}&s=it's%20%F0%9F";
  for (const method of ["GET", "PUT", "DELETE", "PROPFIND"]) {
    const { got } = await paste({ method, target, headers: [] });
    assert.equal(got.method, method);
    assert.equal(got.target, target);
    assert.equal(got.body.length, 0);
  }
  const head = await paste({ method: "HEAD", headers: [] });
  assert.equal(head.got.method, "HEAD");
});

test("an empty body that was announced is announced again", async () => {
  const { got } = await paste({ method: "POST", headers: [["Content-Length", "0"]] });
  assert.ok(got.headers.some(([name, value]) => name.toLowerCase() === "content-length" && value === "0"));
});
