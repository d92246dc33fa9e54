import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import ssh2 from "ssh2";
import { localhostRun, readLocalhostRunUrl } from "../../main/tunnels/providers/localhost-run.ts";
import { pinggy, readPinggyUrl } from "../../main/tunnels/providers/pinggy.ts";
import { readServeoUrl, serveo } from "../../main/tunnels/providers/serveo.ts";
import { readSishUrl, sish } from "../../main/tunnels/providers/sish.ts";
import { startTunnelTarget } from "../support/tunnel-target.ts";

interface Service {
  readonly port: number;
  /** What was asked for, in order. */
  readonly asked: string[];
  /** One request by the newest connection's forwarding; answers what comes back. */
  request(text: string): Promise<string>;
  hangUp(): void;
}

/** Said last, it ends the session. */
const GOODBYE = "Sorry, too many tunnels\r\n";

/** What a public service does: lets everybody in, forwards, and says in the session what its address is. */
async function startService(t: TestContext, says: readonly string[], letsIn: (method: string) => boolean = () => true): Promise<Service> {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
    publicKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  const asked: string[] = [];
  const connections: ssh2.Connection[] = [];
  let bound = { address: "", port: 0 };
  const server = new ssh2.Server({ hostKeys: [privateKey] }, (connection) => {
    connections.push(connection);
    connection.on("error", () => undefined);
    connection.on("authentication", (context) => {
      asked.push(`${context.username} by ${context.method}`);
      if (letsIn(context.method)) context.accept();
      else context.reject(["keyboard-interactive"]);
    });
    connection.on("request", (accept, _reject, name, info) => {
      if (name !== "tcpip-forward") return;
      const { bindAddr, bindPort } = info;
      asked.push(`${bindAddr}:${bindPort}`);
      bound = { address: bindAddr, port: bindPort === 0 ? 4321 : bindPort };
      accept?.(bound.port);
    });
    connection.on("session", (accept) => {
      accept().on("shell", (acceptShell) => {
        const shell = acceptShell();
        for (const text of says) shell.write(text);
        if (says.at(-1) === GOODBYE) shell.end();
      });
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    for (const connection of connections) connection.end();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    hangUp: () => void connections.at(-1)!.end(),
    request: (text) =>
      new Promise((resolve, reject) => {
        connections.at(-1)!.forwardOut(bound.address, bound.port, "203.0.113.9", 5555, (error, channel) => {
          if (error) return reject(error);
          let said = "";
          channel.on("data", (chunk: Buffer) => (said += chunk.toString()));
          channel.once("end", () => {
            channel.end();
            resolve(said);
          });
          channel.write(text);
        });
      }),
  };
}

const GET = "GET /in/x HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n";

test("localhost.run's address is read from what it says, and what it forwards comes here", async (t) => {
  const service = await startService(t, [
    "Welcome to localhost.run! See https://localhost.run/docs/ and https://admin.localhost.run/\r\n",
    "** your connection id is 0b8f **\r\nauthenticated as anonymous user\r\n",
    "9239ab27cc1ba2.lhr.life tunneled with tls termination, https://9239ab27cc1ba2.lhr.life\r\n",
  ]);
  const target = await startTunnelTarget(t);
  const tunnel = await target.open(localhostRun, { host: "127.0.0.1", port: String(service.port) });
  assert.equal(tunnel.publicUrl, "https://9239ab27cc1ba2.lhr.life");
  assert.equal(tunnel.isForeignWord, true);
  assert.deepEqual(service.asked, ["nokey by none", "localhost:80"]);
  assert.match(await service.request(GET), /^HTTP\/1\.1 200 OK/);
  assert.equal(target.requests[0]!.url, "/in/x");
  service.hangUp();
  assert.match(await tunnel.ended, /closed the connection/);
});

test("a domain is asked for where the server forwards by name", async (t) => {
  const service = await startService(t, ["\u001b[32mForwarding HTTP traffic from https://mine.serveo.net\u001b[0m\r\n"]);
  const target = await startTunnelTarget(t);
  const tunnel = await target.open(serveo, { host: "127.0.0.1", port: String(service.port), domain: "mine" });
  assert.equal(tunnel.publicUrl, "https://mine.serveo.net");
  assert.equal(service.asked.at(-1), "mine:80");
});

test("a service that asks questions instead of keys is answered with nothing", async (t) => {
  const service = await startService(
    t,
    ["HTTP: http://x.tuns.example\r\n", "HTTPS: https://x.tuns.example\r\n"],
    (method) => method === "keyboard-interactive",
  );
  const target = await startTunnelTarget(t);
  const settings = { host: "127.0.0.1", port: String(service.port), user: "me", "accept-new": "yes" };
  const tunnel = await target.open(sish, settings);
  assert.equal(tunnel.publicUrl, "https://x.tuns.example");
  assert.deepEqual([service.asked[0], service.asked.at(-2)], ["me by none", "me by keyboard-interactive"]);
});

test("pinggy is given its token as the user name, and any port", async (t) => {
  const service = await startService(t, [
    "You are not authenticated. See https://dashboard.pinggy.io/\n\nhttp://a.free.pinggy.link\nhttps://a.free.pinggy.link\n",
  ]);
  const target = await startTunnelTarget(t);
  const tunnel = await target.open(pinggy, { host: "127.0.0.1", port: String(service.port), token: "t0ken" });
  assert.equal(tunnel.publicUrl, "https://a.free.pinggy.link");
  assert.deepEqual(service.asked, ["t0ken by none", "localhost:0"]);
  assert.match(await service.request(GET), /^HTTP\/1\.1 200 OK/);
});

test("a service that hangs up without an address is told with its last words", async (t) => {
  const service = await startService(t, ["Hello\r\n", GOODBYE]);
  const target = await startTunnelTarget(t);
  const opening = target.open(serveo, { host: "127.0.0.1", port: String(service.port) });
  await assert.rejects(opening, /closed the connection before it had named a public URL\. Its last words: "Sorry, too many tunnels"/);
});

test("addresses are taken from the line that tells them, and from no other", () => {
  assert.equal(
    readLocalhostRunUrl("see https://localhost.run/docs\nx.lhr.life tunneled with tls termination, https://x.lhr.life\n"),
    "https://x.lhr.life",
  );
  assert.equal(readLocalhostRunUrl("x.lhr.life tunneled with tls termination, https://x.lhr.li"), null, "the line is not all there");
  assert.equal(readServeoUrl("Forwarding HTTP traffic from https://a.serveousercontent.com\nPress g"), "https://a.serveousercontent.com");
  assert.equal(readServeoUrl("Forwarding HTTP traffic from https://user:pass@a.example\n"), null);
  assert.equal(
    readPinggyUrl("Upgrade at https://dashboard.pinggy.io now\nhttps://dashboard.pinggy.io\nhttp://b.a.pinggy.link\n"),
    "http://b.a.pinggy.link",
  );
  assert.equal(readSishUrl("HTTP: http://a.example\r\n"), "http://a.example");
  assert.equal(readSishUrl("HTTP: http://a.example\nHTTPS: https://a.example\n"), "https://a.example");
});
