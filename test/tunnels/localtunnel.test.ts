import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { createServer as createTcpServer, type AddressInfo, type Socket } from "node:net";
import { test, type TestContext } from "node:test";
import { localtunnel } from "../../main/tunnels/providers/localtunnel.ts";
import { eventually } from "../support/eventually.ts";
import { freePort } from "../support/mosquitto.ts";
import { needsPerson, startTunnelTarget } from "../support/tunnel-target.ts";

/**
 * localtunnel's server as its public source has it: it gives out a name and a port, and every connection made to that
 * port serves requests, one after the other.
 */
async function startServer(t: TestContext, change: Readonly<Record<string, unknown>> = {}, status = 200) {
  const idle: Socket[] = [];
  const asked: string[] = [];
  let connections = 0;
  const carriers = createTcpServer((socket) => {
    connections += 1;
    idle.push(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => idle.splice(idle.indexOf(socket) >>> 0, 1));
  }).listen(0, "127.0.0.1");
  await once(carriers, "listening");
  const server: Server = createServer((request, response) => {
    asked.push(request.url!);
    const id = request.url === "/?new" ? "brave-cat-12" : request.url!.slice(1);
    const port = (carriers.address() as AddressInfo).port;
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify({ id, port, max_conn_count: 3, url: `http://${request.headers.host}`, ...change }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    for (const socket of idle) socket.destroy();
    server.close();
    server.closeAllConnections();
    carriers.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    connections: () => connections,
    idle,
    /** One request over a waiting connection, which is then closed. */
    async request(text: string): Promise<string> {
      const socket = await eventually("a connection waits", () => idle[0] ?? null);
      let said = "";
      socket.on("data", (chunk: Buffer) => (said += chunk.toString()));
      socket.write(text);
      await once(socket, "close");
      return said;
    },
    stop() {
      carriers.close();
      for (const socket of idle) socket.destroy();
    },
  };
}

const POST = "POST /in/x HTTP/1.1\r\nHost: brave-cat-12.example\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi";

test("requests come by connections that are held at the server, and each that was used is replaced", async (t) => {
  const server = await startServer(t);
  const target = await startTunnelTarget(t);
  const tunnel = await target.open(localtunnel, { server: server.url });
  assert.equal(tunnel.publicUrl, server.url);
  await eventually("as many as it allows", () => server.idle.length === 3);
  assert.equal(target.requests.length, 0, "an idle connection is no request");
  for (let count = 0; count < 5; count += 1) assert.match(await server.request(POST), /^HTTP\/1\.1 200 OK/);
  assert.deepEqual(
    [target.requests.length, target.requests[0]!.headers.host, target.requests[0]!.body.toString()],
    [5, "brave-cat-12.example", "hi"],
  );
  await eventually("they are replaced", () => server.idle.length === 3 && server.connections() === 8);
  await tunnel.close();
  await eventually("all are closed with the tunnel", () => server.idle.length === 0);
});

test("the name that was given is asked for the next time, and one of one's own is asked for at once", async (t) => {
  const server = await startServer(t);
  const target = await startTunnelTarget(t);
  await target.open(localtunnel, { server: server.url });
  assert.deepEqual(target.remembered, { subdomain: "brave-cat-12" });
  await target.open(localtunnel, { server: `${server.url}/`, subdomain: "mine" });
  assert.deepEqual(server.asked, ["/?new", "/mine"]);
});

test("an address of a private network that the server names is not connected to", async (t) => {
  const server = await startServer(t, { ip: "10.1.2.3" });
  const target = await startTunnelTarget(t);
  await target.open(localtunnel, { server: server.url });
  assert.ok(server.connections() > 0, "the server's own address is used instead");
});

test("a server that refuses or says nothing of use is told with its words", async (t) => {
  const target = await startTunnelTarget(t);
  const refusing = await startServer(t, { port: null, message: "Invalid subdomain." }, 403);
  await assert.rejects(
    target.open(localtunnel, { server: refusing.url, subdomain: "x" }),
    needsPerson(/gives no tunnel: Invalid subdomain\./),
  );
  const odd = await startServer(t, { url: "javascript:alert(1)" });
  await assert.rejects(target.open(localtunnel, { server: odd.url }), /gives no tunnel: it answered 200/);
  const flood = await startServer(t, { noise: "x".repeat(100_000) });
  await assert.rejects(target.open(localtunnel, { server: flood.url }), /answered with more than 65536 bytes/);
  await assert.rejects(
    target.open(localtunnel, { server: `http://127.0.0.1:${await freePort()}` }),
    /gives no tunnel: connect ECONNREFUSED/,
  );
});

test("giving it up while it is open ends it", async (t) => {
  const server = await startServer(t);
  const target = await startTunnelTarget(t);
  const stop = new AbortController();
  const tunnel = await target.open(localtunnel, { server: server.url }, { signal: stop.signal });
  stop.abort();
  assert.equal(await tunnel.ended, "It was closed.");
});
