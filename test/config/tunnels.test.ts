import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { loadConfig } from "../../main/config/load-config.ts";
import { tempFolder } from "../support/temp-folder.ts";

test("tunnels are read from the settings file, with what YAML takes for numbers and switches as texts", (t) => {
  const folder = tempFolder(t);
  writeFileSync(
    join(folder, "signalbox.yaml"),
    `tunnels:
  - name: hooks
    providers:
      - provider: ssh
        settings: { host: me@hooks.example.com, remote-port: 8080, accept-new: yes }
      - provider: localhost.run
  - { name: sse, providers: [{ provider: ngrok }], ways: [sse], localPort: 4810, selfTest: false }
`,
  );
  const loaded = loadConfig({ flags: { data: folder }, env: {}, cwd: folder });
  assert.ok(loaded.ok);
  const settings = { host: "me@hooks.example.com", "remote-port": "8080", "accept-new": "yes" };
  assert.deepEqual(loaded.value.config.tunnels, [
    {
      name: "hooks",
      providers: [
        { provider: "ssh", settings },
        { provider: "localhost.run", settings: {} },
      ],
      ways: [],
      localPort: 0,
      selfTest: true,
    },
    { name: "sse", providers: [{ provider: "ngrok", settings: {} }], ways: ["sse"], localPort: 4810, selfTest: false },
  ]);
});

test("tunnels in the environment are JSON; what is wrong is refused without a word of what was given", () => {
  const load = (text: string) => loadConfig({ flags: {}, env: { HOME: "/nowhere", SIGNALBOX_TUNNELS: text }, cwd: "/nowhere" });
  const good = load('[{"name":"q","providers":[{"provider":"cloudflared"}]}]');
  assert.equal(good.ok && good.value.config.tunnels[0]!.name, "q");
  for (const text of ["{", "[1]", '[{"name":"q"}]', '[{"name":"q","providers":[{"provider":"nrgok","settings":{"token":"s3cret"}}]}]']) {
    const bad = load(text);
    assert.ok(!bad.ok);
    assert.match(
      bad.refusal.message,
      /^SIGNALBOX_TUNNELS: the value given cannot be used for "tunnels"\. Expected: a list of at most 20 tunnels/,
    );
    assert.doesNotMatch(bad.refusal.message, /s3cret/);
  }
  const twice = load('[{"name":"q","providers":[]},{"name":"q","providers":[]}]');
  assert.ok(!twice.ok);
});
