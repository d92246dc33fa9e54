import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type { Config } from "../../main/config/config.ts";
import { loadConfig, type LoadInput } from "../../main/config/load-config.ts";
import { parseFlags } from "../../main/config/parse-flags.ts";
import { SETTING_KEYS, SETTINGS, variableOf } from "../../main/config/settings.ts";
import { tempFolder } from "../support/temp-folder.ts";

const AT_HOME = { HOME: "/home/ada" };

function load(input: Partial<LoadInput>) {
  return loadConfig({ flags: {}, env: AT_HOME, cwd: "/nowhere", platform: "linux", ...input });
}

function loaded(input: Partial<LoadInput>) {
  const result = load(input);
  assert.ok(result.ok, result.ok ? "" : result.refusal.message);
  return result.value;
}

function refused(input: Partial<LoadInput>): string {
  const result = load(input);
  assert.ok(!result.ok, "it should be refused");
  assert.equal(result.refusal.code, "CONFIG_INVALID");
  return result.refusal.message;
}

function withFile(t: TestContext, text: string): { folder: string; file: string } {
  const folder = tempFolder(t);
  const file = join(folder, "signalbox.yaml");
  writeFileSync(file, text);
  return { folder, file };
}

test("without any setting the documented defaults hold", () => {
  const { config, file, warnings } = loaded({});
  assert.equal(config.dataFolder, "/home/ada/.local/share/signalbox");
  assert.deepEqual(config.ingress, { host: "127.0.0.1", port: 4800 });
  assert.deepEqual(config.inspector, { host: "127.0.0.1", port: 4801 });
  assert.deepEqual(config.mqtt, { host: "127.0.0.1", port: 1883 });
  assert.deepEqual([config.https, config.mqtts, config.tlsCert, config.tlsKey], [null, null, null, null]);
  assert.equal(config.token, null);
  assert.equal(config.maxBodyBytes, 10 * 1024 * 1024);
  assert.equal(config.limits.maxHeaderBytes, 32 * 1024);
  assert.equal(config.createSources, true);
  assert.equal(config.allowAnonymous, false);
  assert.equal(file, null);
  assert.deepEqual(warnings, []);
});

test("the default data folder is the platform's own", () => {
  const folder = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string => loaded({ env, platform }).config.dataFolder;
  assert.equal(folder({ HOME: "/home/ada", XDG_DATA_HOME: "/data" }, "linux"), "/data/signalbox");
  assert.equal(folder({ HOME: "/home/ada", XDG_DATA_HOME: "not/absolute" }, "linux"), "/home/ada/.local/share/signalbox");
  assert.equal(folder({ HOME: "/Users/ada" }, "darwin"), "/Users/ada/Library/Application Support/Signalbox");
  assert.equal(folder({ HOME: "/x", APPDATA: "/roaming" }, "win32"), "/roaming/Signalbox");
});

test("a flag wins over the environment, and the environment over the file", (t) => {
  const { folder } = withFile(t, "ingress: 127.0.0.1:1\ninspector: 127.0.0.1:1\nmqtt: 127.0.0.1:1\n");
  const { config, file } = loaded({
    env: { SIGNALBOX_DATA: folder, SIGNALBOX_INGRESS: "127.0.0.1:2", SIGNALBOX_INSPECTOR: "127.0.0.1:2" },
    flags: { ingress: "127.0.0.1:3" },
  });
  assert.equal(config.ingress?.port, 3);
  assert.equal(config.inspector?.port, 2);
  assert.equal(config.mqtt?.port, 1);
  assert.equal(file, join(folder, "signalbox.yaml"));
});

test("every setting can be given in all three ways under one name", (t) => {
  const samples: Record<string, string> = {
    "HOST:PORT": "127.0.0.1:7",
    SIZE: "900MiB",
    TIME: "20s",
    N: "17",
    LEVEL: "debug",
    FILE: "/etc/hub.pem",
    NAMES: "hub.local",
    ORIGINS: "https://app.example",
    "FILTER=POLICY": "a/#=last",
    JSON: '[{"name":"up","url":"mqtt://x","publish":[{"filter":"#"}]}]',
  };
  for (const key of SETTING_KEYS) {
    if (key === "dataFolder") continue;
    const { name, value, preset } = SETTINGS[key];
    let sample = value === null ? (preset === "on" ? "false" : "true") : (samples[value] ?? "0123456789abcdef");
    if (key === "tunnels") sample = '[{"name":"main","providers":[{"provider":"ssh","settings":{"host":"hooks.example.com"}}]}]';
    if (key === "maxBodyBytes" || key === "maxHeaderBytes") sample = "64KiB";
    const parsed = SETTINGS[key].parse(sample, "/");
    assert.ok("value" in parsed, name);
    const { file } = withFile(t, `${name}: ${sample}\n`);
    const ways: Partial<LoadInput>[] = [
      { flags: { config: file } },
      { env: { [variableOf(name)]: sample } },
      { flags: { [name]: sample } },
    ];
    // One without the other is refused.
    const other = name === "tls-cert" ? { "tls-key": "/etc/hub.key" } : name === "tls-key" ? { "tls-cert": "/etc/hub.crt" } : {};
    for (const way of ways) {
      const { config } = loaded({ ...way, flags: { ...other, ...way.flags } });
      assert.deepEqual({ ...config, ...config.limits }[key], parsed.value, name);
    }
  }
});

test("a certificate and its key are given together, and counted from the folder of the file that names them", (t) => {
  assert.match(refused({ flags: { "tls-cert": "/c.pem" } }), /"tls-cert" is given without "tls-key"/);
  assert.match(refused({ env: { SIGNALBOX_TLS_KEY: "/k.pem" } }), /"tls-key" is given without "tls-cert"/);
  const { folder, file } = withFile(t, "https: 4843\ntls-cert: certs/hub.pem\ntls-key: ../hub.key\n");
  const { config } = loaded({ flags: { config: file } });
  assert.deepEqual(config.https, { host: "127.0.0.1", port: 4843 });
  assert.equal(config.tlsCert, join(folder, "certs/hub.pem"));
  assert.equal(config.tlsKey, join(folder, "../hub.key"));
});

test("a listener's address is taken in each of its spellings", () => {
  const listen = (text: string): unknown => loaded({ flags: { ingress: text } }).config.ingress;
  assert.deepEqual(listen("0.0.0.0:80"), { host: "0.0.0.0", port: 80 });
  assert.deepEqual(listen(":0"), { host: "127.0.0.1", port: 0 });
  assert.deepEqual(listen("4900"), { host: "127.0.0.1", port: 4900 });
  assert.deepEqual(listen("[::1]:0"), { host: "::1", port: 0 });
  assert.deepEqual(listen("localhost:1"), { host: "localhost", port: 1 });
  assert.equal(listen("off"), null);
});

test("a listener's address that is none is refused with the setting, its place and what is expected", () => {
  for (const wrong of ["", "65536", "host", "1.2.3:80", "::1:80", "[::1]", "[1.2.3.4]:80", "a b:80", "-1", "http://x:80"]) {
    const message = refused({ flags: { ingress: wrong } });
    assert.match(message, /^--ingress: .* cannot be used for "ingress"\. Expected: host:port like /, wrong);
    assert.ok(message.includes(JSON.stringify(wrong)), message);
  }
  assert.match(refused({ env: { SIGNALBOX_MQTT: "nonsense" } }), /^SIGNALBOX_MQTT: "nonsense" cannot/);
});

test("sizes and times are taken as numbers or with their units", () => {
  const { config } = loaded({ flags: { "max-body": "2MiB", "max-headers": "65536", "headers-timeout": "1.5s", "request-timeout": "2m" } });
  assert.equal(config.maxBodyBytes, 2 * 1024 * 1024);
  assert.equal(config.limits.maxHeaderBytes, 65_536);
  assert.equal(config.limits.headersTimeoutMs, 1500);
  assert.equal(config.limits.requestTimeoutMs, 120_000);
  for (const wrong of ["-1", "10 apples", "1e9", "9999GiB", "0.5", ""])
    assert.match(refused({ flags: { "max-body": wrong } }), /Expected: a size from 0 to/);
});

test("a fault in the file names its line", (t) => {
  const { file } = withFile(t, "# mine\nlog: info\nmax-body: lots\n");
  assert.ok(refused({ flags: { config: file } }).startsWith(`${file}:3: "lots" cannot be used for "max-body".`));
});

test("an unknown key in the file is refused with the nearest known one", (t) => {
  const { file } = withFile(t, "inspecter: off\n");
  assert.equal(refused({ flags: { config: file } }), `${file}:1: there is no setting "inspecter". Did you mean "inspector"?`);
});

test("a file that is not YAML, or no list of settings, is refused", (t) => {
  assert.match(refused({ flags: { config: withFile(t, "a: [1\n").file } }), /not valid YAML/);
  assert.match(refused({ flags: { config: withFile(t, "- a\n- b\n").file } }), /must be a list of/);
  assert.match(refused({ flags: { config: withFile(t, "log: info\nlog: debug\n").file } }), /not valid YAML: Map keys must be unique/);
});

test("an empty file changes nothing", (t) => {
  const { file } = withFile(t, "# nothing yet\n");
  assert.equal(loaded({ flags: { config: file } }).config.ingress?.port, 4800);
});

test("YAML's own numbers, booleans and lists are understood", (t) => {
  const { file } = withFile(t, "ingress: 4900\nmqtt: off\ninspector: false\nallow-anonymous: true\nallow-hosts: [Hub.local, 10.0.0.1]\n");
  const { config } = loaded({ flags: { config: file } });
  assert.equal(config.ingress?.port, 4900);
  assert.equal(config.mqtt, null);
  assert.equal(config.inspector, null);
  assert.equal(config.allowAnonymous, true);
  assert.deepEqual(config.allowHosts, ["hub.local", "10.0.0.1"]);
});

test("a file that was named must be there; the one in the data folder may be missing", (t) => {
  const folder = tempFolder(t);
  assert.equal(loaded({ flags: { data: folder } }).file, null);
  assert.match(
    refused({ flags: { config: join(folder, "absent.yaml") } }),
    /There is no settings file .*absent\.yaml, which --config names/,
  );
  assert.match(refused({ env: { SIGNALBOX_CONFIG: join(folder, "absent.yaml") } }), /which SIGNALBOX_CONFIG names/);
});

test("the file in the data folder cannot move that folder, a named one can, relative to itself", (t) => {
  const { folder, file } = withFile(t, "data: elsewhere\n");
  assert.match(refused({ flags: { data: folder } }), /cannot move that folder .*signalbox\.yaml:1/);
  assert.equal(loaded({ flags: { config: file } }).config.dataFolder, join(folder, "elsewhere"));
});

test("a token is never repeated in a message", () => {
  const message = refused({ env: { SIGNALBOX_TOKEN: "hunter2" } });
  assert.match(message, /^SIGNALBOX_TOKEN: the value given cannot be used for "token"/);
  assert.doesNotMatch(message, /hunter2/);
});

test("an unknown variable is warned about, with the nearest known one", () => {
  const { warnings } = loaded({ env: { SIGNALBOX_INGRES: "off" } });
  assert.deepEqual(warnings, [
    "The variable SIGNALBOX_INGRES is no setting of this version and does nothing. Did you mean SIGNALBOX_INGRESS?",
  ]);
});

test("limits that contradict each other are refused", () => {
  assert.match(refused({ flags: { "headers-timeout": "2m" } }), /"headers-timeout" .* must not be longer than "request-timeout"/);
  assert.match(refused({ flags: { "max-receiving": "1MiB" } }), /"max-receiving" .* must not be less than "max-body"/);
});

test("flags are read from a command line, switches both ways", () => {
  const flags = (...argv: string[]) => {
    const parsed = parseFlags(argv);
    assert.ok(parsed.ok, parsed.ok ? "" : parsed.refusal.message);
    return loaded({ flags: parsed.value.values }).config;
  };
  assert.equal(flags("--no-create-sources").createSources, false);
  assert.equal(flags("--create-sources=false").createSources, false);
  assert.equal(flags("--allow-anonymous").allowAnonymous, true);
  assert.equal(flags("--ingress=:5").ingress?.port, 5);
  assert.deepEqual(flags("--allow-targets", "NAS.local,127.0.0.1", "--allow-targets", "10.0.0.0/8,fd00::/8").allowTargets, [
    "nas.local",
    "127.0.0.1",
    "10.0.0.0/8",
    "fd00::/8",
  ]);
  assert.deepEqual(flags("--allow-hosts", "a", "--allow-hosts", "b,c").allowHosts, ["a", "b", "c"]);
});

test("an unknown or incomplete flag is refused with advice", () => {
  const refusal = (...argv: string[]): string => {
    const parsed = parseFlags(argv);
    assert.ok(!parsed.ok);
    return parsed.refusal.message;
  };
  assert.equal(refusal("--ingres", "off"), "There is no option --ingres. Did you mean --ingress?");
  assert.equal(refusal("--zzzzzz"), "There is no option --zzzzzz. See --help for those there are.");
  assert.match(refusal("--data"), /--data/);
});

test("what is kept is set in the file as a list, or by flags; everything is kept unless said", (t) => {
  const folder = tempFolder(t);
  assert.deepEqual(pick(loaded({ flags: { data: folder } }).config), { keepForMs: null, keepEvents: null, keepBytes: null, record: [] });
  writeFileSync(
    join(folder, "signalbox.yaml"),
    "keep-for: 30d\nkeep-events: 1000\nkeep-bytes: 2GiB\nrecord:\n  - debug/#: none\n  - state/+=last\n",
  );
  assert.deepEqual(pick(loaded({ flags: { data: folder } }).config), {
    keepForMs: 30 * 86_400_000,
    keepEvents: 1000,
    keepBytes: 2 * 1024 ** 3,
    record: [
      { filter: "debug/#", policy: "none" },
      { filter: "state/+", policy: "last" },
    ],
  });
  const flags = { data: folder, "keep-for": "off", record: ["a=b=last"] };
  assert.deepEqual(pick(loaded({ flags }).config).record, [{ filter: "a=b", policy: "last" }]);
  assert.equal(loaded({ flags }).config.keepForMs, null);
  for (const wrong of [
    { record: ["a=some"] },
    { record: ["a/#/b=none"] },
    { record: ["none"] },
    { "keep-events": "0" },
    { "keep-bytes": "1" },
  ])
    assert.ok(!loadConfig({ flags: { data: folder, ...wrong }, env: {}, cwd: "/" }).ok, JSON.stringify(wrong));
});

function pick({ keepForMs, keepEvents, keepBytes, record }: Config) {
  return { keepForMs, keepEvents, keepBytes, record };
}
