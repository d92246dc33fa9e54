import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { test } from "node:test";
import { connectAsync } from "mqtt";
import { io } from "socket.io-client";
import { WebSocket } from "ws";
import type { NewKeyInfo } from "../../main/contract/key.ts";
import { TUNNEL_WAYS } from "../../main/contract/tunnel.ts";
import { createSshd, NO_SSHD } from "../support/sshd.ts";
import { startTunnelHub, toSshd } from "../support/tunnel-hub.ts";

const skip = NO_SSHD;

test(
  "what a tunnel carries by name wants a key, though its end is on this machine, and takes the tunnel's host and pages alone",
  { skip },
  async (t) => {
    const sshd = await createSshd(t);
    await sshd.start();
    const hub = await startTunnelHub(t, { env: { SIGNALBOX_MQTT: "127.0.0.1:0" } });
    const { secret } = await hub.api<NewKeyInfo>("POST", "/keys", { name: "guest" });
    const opened = await hub.openTunnel({ providers: toSshd(sshd), ways: TUNNEL_WAYS });
    const publicUrl = opened.publicUrl!;
    const bearer = { authorization: `Bearer ${secret}` };
    const statusOf = async (path: string, headers: Record<string, string> = {}, method = "GET"): Promise<number> => {
      const sent = request(publicUrl + path, { method, headers }).end();
      const [answer] = (await once(sent, "response")) as [{ statusCode: number; destroy(): void }];
      answer.destroy();
      return answer.statusCode;
    };

    for (const [path, method] of [
      ["/sse?topic=a", "GET"],
      ["/poll?topic=a&wait=0", "GET"],
      ["/publish/a", "POST"],
    ] as const) {
      assert.equal(await statusOf(path, {}, method), 401, path);
      assert.equal(await statusOf(path, { "x-forwarded-for": "127.0.0.1" }, method), 401, path);
      assert.ok((await statusOf(path, bearer, method)) < 300, path);
      assert.equal(await statusOf(path, { ...bearer, host: "other.example" }, method), 421, path);
      assert.equal(await statusOf(path, { ...bearer, origin: "https://evil.example" }, method), 403, path);
      assert.ok((await statusOf(path, { ...bearer, origin: publicUrl }, method)) < 300, path);
    }

    const wsUrl = publicUrl.replace("http", "ws");
    const refused = new WebSocket(`${wsUrl}/ws`);
    const [error] = (await once(refused, "error")) as [Error];
    assert.match(error.message, /401/);
    const socket = new WebSocket(`${wsUrl}/ws`, { headers: bearer });
    await once(socket, "open");
    socket.terminate();

    await assert.rejects(connectAsync(`${wsUrl}/mqtt`, { reconnectPeriod: 0, connectTimeout: 5000 }), /[Nn]ot authorized|Bad User Name/);
    const client = await connectAsync(`${wsUrl}/mqtt`, { username: "guest", password: secret, reconnectPeriod: 0 });
    await client.endAsync(true);

    const stranger = io(publicUrl, { reconnection: false, transports: ["polling"] });
    await once(stranger as never, "connect_error");
    stranger.close();
    const friend = io(publicUrl, { reconnection: false, transports: ["websocket"], extraHeaders: bearer });
    await once(friend as never, "connect");
    friend.close();

    assert.equal(await statusOf("/in/unknown", {}, "POST"), 404);
    assert.equal(await statusOf("/"), 404);
  },
);
