import assert from "node:assert/strict";
import { test } from "node:test";
import { createNgrok, ngrok, type NgrokPackage } from "../../main/tunnels/providers/ngrok.ts";
import { needsPerson, startTunnelTarget } from "../support/tunnel-target.ts";

type Config = Parameters<NgrokPackage["forward"]>[0];

/** The package as its own types describe it. */
function fakePackage(forward?: NgrokPackage["forward"]) {
  const configs: Config[] = [];
  let closed = 0;
  const answer: NgrokPackage["forward"] = async () => ({ url: () => "https://mine.ngrok.app", close: async () => void (closed += 1) });
  const loaded: NgrokPackage = {
    forward(config) {
      configs.push(config);
      return (forward ?? answer)(config);
    },
  };
  return { provider: createNgrok(async () => loaded), configs, closed: () => closed };
}

test("the package is asked to forward to the tunnel's own listener, and closed with it", async (t) => {
  const { provider, configs, closed } = fakePackage();
  const target = await startTunnelTarget(t);
  const tunnel = await target.open(provider, { token: "t0ken", domain: "mine.ngrok.app" });
  assert.equal(tunnel.publicUrl, "https://mine.ngrok.app");
  const { onStatusChange, ...config } = configs[0]!;
  assert.deepEqual(config, { addr: `127.0.0.1:${target.port}`, authtoken: "t0ken", domain: "mine.ngrok.app" });
  onStatusChange("connected");
  onStatusChange("closed");
  assert.equal(await tunnel.ended, "ngrok lost its connection.");
  await tunnel.close();
  assert.equal(closed(), 1);
});

test("the token may stand in the environment; without one it is said where it comes from", async (t) => {
  const { provider, configs } = fakePackage();
  const target = await startTunnelTarget(t);
  await target.open(provider, {}, { env: { NGROK_AUTHTOKEN: "from-env" } });
  assert.equal(configs[0]!.authtoken, "from-env");
  await assert.rejects(target.open(provider, {}), needsPerson(/wants the authtoken of an account/));
});

test("what ngrok refuses is told with its code, and waits for a person", async (t) => {
  const error = Object.assign(new Error("authentication failed: The authtoken you specified is not valid.\nmore"), {
    errorCode: "ERR_NGROK_105",
  });
  const { provider } = fakePackage(() => Promise.reject(error));
  const target = await startTunnelTarget(t);
  await assert.rejects(
    target.open(provider, { token: "wrong" }),
    needsPerson(
      /^ngrok does not open: authentication failed: The authtoken you specified is not valid\. \(ERR_NGROK_105: ngrok\.com\/docs\/errors\/err_ngrok_105\)$/,
    ),
  );
  const offline = fakePackage(() => Promise.reject(new Error("failed to dial ngrok server")));
  await assert.rejects(target.open(offline.provider, { token: "t" }), (fault: Error & { needsPerson: boolean }) => !fault.needsPerson);
});

test("where the package is not installed, it is said how to install it", async (t) => {
  const target = await startTunnelTarget(t);
  assert.match((await ngrok.unavailable!())!, /npm install --no-save @ngrok\/ngrok@/);
  await assert.rejects(target.open(ngrok, { token: "t" }), needsPerson(/is not installed beside Signalbox/));
  const broken = createNgrok(() => Promise.reject(new Error("Cannot find native binding.\nstack")));
  assert.equal(await broken.unavailable!(), "The npm package @ngrok/ngrok cannot be loaded: Cannot find native binding.");
});
