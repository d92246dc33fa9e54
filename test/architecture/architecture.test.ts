import assert from "node:assert/strict";
import { test } from "node:test";
import { findCycles, readSources } from "./imports.ts";

/**
 * Who may import whom. A zone is the longest prefix below that a file's path starts with; what it may import is a list
 * of prefixes of project paths, `node:*`, or package names. Everything else is a fault.
 */
const ZONES: Readonly<Record<string, readonly string[]>> = {
  "main/contract/": ["main/contract/"],
  "main/net/": ["main/net/", "main/contract/", "main/platform/", "node:"],
  "main/platform/": ["main/platform/", "node:", "pino", "pino-pretty"],
  "main/hub/": ["main/hub/", "main/contract/", "main/platform/", "node:"],
  "main/store/": [
    "main/store/",
    "main/contract/",
    "main/hub/ports.ts",
    "main/hub/event-view.ts",
    "main/platform/",
    "node:",
    "better-sqlite3",
  ],
  "main/gateways/": [
    "main/gateways/gateway.ts",
    "main/gateways/http-listener.ts",
    "main/gateways/",
    "main/access/",
    "main/contract/",
    "main/hub/ports.ts",
    "main/net/",
    "main/platform/",
    "node:",
    "express",
  ],
  "main/gateways/webhook/": [
    "main/gateways/webhook/",
    "main/gateways/gateway.ts",
    "main/gateways/http-listener.ts",
    "main/contract/",
    "main/hub/ports.ts",
    "main/hub/source-ports.ts",
    "main/platform/",
    "main/webhooks/",
    "node:",
  ],
  ...Object.fromEntries(
    [["websocket", "ws"], ["sse"], ["long-poll"], ["socket-io", "socket.io"], ["http-publish"]].map(([name, ...packages]) => [
      `main/gateways/${name}/`,
      ["main/gateways/", "main/access/", "main/contract/", "main/hub/ports.ts", "main/platform/", "node:", ...packages],
    ]),
  ),
  "main/bridges/": [
    "main/bridges/",
    "main/contract/",
    "main/hub/ports.ts",
    "main/hub/bridge-directory.ts",
    "main/platform/",
    "node:",
    "mqtt",
    "ws",
  ],
  "main/tunnels/": [
    "main/tunnels/",
    "main/contract/",
    "main/gateways/tunnel-side.ts",
    "main/hub/ports.ts",
    "main/hub/tunnel-directory.ts",
    "main/net/",
    "main/platform/",
    "node:",
    "ssh2",
  ],
  "main/delivery/": [
    "main/delivery/",
    "main/contract/",
    "main/hub/ports.ts",
    "main/hub/delivery-directory.ts",
    "main/net/public-address.ts",
    "main/platform/",
    "node:",
  ],
  "main/access/": ["main/access/", "main/contract/", "main/platform/", "node:"],
  "main/access/tls/": ["main/access/tls/", "main/contract/", "main/platform/", "node:", "selfsigned"],
  "main/listeners/": [
    "main/listeners/",
    "main/access/tls/host-names.ts",
    "main/config/config.ts",
    "main/config/parse-value.ts",
    "main/contract/",
    "main/gateways/gateway.ts",
    "main/hub/ports.ts",
    "main/hub/listener-directory.ts",
    "main/platform/",
    "node:",
  ],
  "main/gateways/mqtt/": [
    "main/gateways/mqtt/",
    "main/gateways/gateway.ts",
    "main/gateways/ingress-guard.ts",
    "main/gateways/intake-pace.ts",
    "main/gateways/sending-budget.ts",
    "main/gateways/last-word.ts",
    "main/net/",
    "main/access/",
    "main/contract/",
    "main/hub/ports.ts",
    "main/hub/subscriptions.ts",
    "main/platform/",
    "node:",
    "aedes",
    "mqtt-packet",
    "ws",
  ],
  "main/webhooks/": ["main/webhooks/", "main/contract/", "main/platform/", "node:"],
  "main/config/": ["main/config/", "main/contract/", "main/platform/", "node:", "yaml", "zod"],
  "main/inspector/": [
    "main/inspector/",
    "main/contract/",
    "main/hub/",
    "main/net/",
    "main/platform/",
    "node:",
    "express",
    "ws",
    "zod",
    "prom-client",
  ],
  "main/cli/": [
    "main/cli/",
    "main/contract/",
    "main/config/",
    "main/platform/",
    "main/compose.ts",
    "main/store/salvage.ts",
    "main/store/lock-folder.ts",
    "main/store/store-files.ts",
    "main/access/keys.ts",
    "node:",
    "ws",
    "package.json",
  ],
  "main/compose.ts": ["main/", "node:", "package.json"],
  "main/open-ingress.ts": ["main/", "node:"],
  "main/headless.ts": ["main/cli/", "main/platform/", "node:"],
  "main/hub-process.ts": ["main/", "node:"],
  "main/hub-process-messages.ts": ["main/contract/", "main/config/"],
  "main/electron/": ["main/electron/", "main/contract/", "main/platform/", "main/hub-process-messages.ts", "node:", "electron"],
  // It has no dependencies at all: it runs in any page.
  "client/": ["client/"],
  "preload/": ["preload/", "main/contract/", "electron"],
  "renderer/": [
    "renderer/",
    "main/contract/",
    "react",
    "react-dom",
    "react-aria-components",
    "uplot",
    "@codemirror/",
    "lucide-react",
    "uqr",
    "@fontsource-variable/",
  ],
};

/** Packages that only one folder may know. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  "better-sqlite3": ["main/store/"],
  electron: ["main/electron/", "preload/"],
  ssh2: ["main/tunnels/"],
};

const sources = readSources("main", "preload", "renderer", "client");
const isPackage = (target: string): boolean => !/^(main|preload|renderer|client)\//.test(target);

test("every file imports only what its folder may", () => {
  const faults: string[] = [];
  for (const file of sources) {
    const zone = Object.keys(ZONES)
      .filter((prefix) => file.path.startsWith(prefix))
      .sort((a, b) => b.length - a.length)[0];
    if (!zone) faults.push(`${file.path} is in no known folder`);
    for (const { target } of file.imports) {
      const allowed = ZONES[zone ?? ""]?.some(
        (prefix) =>
          target === prefix ||
          (/[:/]$/.test(prefix) && target.startsWith(prefix)) ||
          (isPackage(target) && target.startsWith(`${prefix}/`)),
      );
      if (!allowed) faults.push(`${file.path} may not import ${target}`);
    }
  }
  assert.deepEqual(faults, []);
});

test("a driver's package is known to one folder alone", () => {
  const faults = sources.flatMap((file) =>
    file.imports
      .filter(({ target }) => OWNERS[target] && !OWNERS[target].some((folder) => file.path.startsWith(folder)))
      .map(({ target }) => `${file.path} imports ${target}`),
  );
  assert.deepEqual(faults, []);
});

test("the preload takes nothing but types from the contract", () => {
  const faults = sources
    .filter((file) => file.path.startsWith("preload/"))
    .flatMap((file) =>
      file.imports.filter((one) => one.target.startsWith("main/") && !one.typeOnly && one.target !== "main/contract/desktop.ts"),
    );
  assert.deepEqual(faults, []);
});

test("one gateway never imports another", () => {
  const folderOf = (path: string): string | undefined => /^main\/gateways\/([^/]+)\//.exec(path)?.[1];
  const faults = sources.flatMap((file) =>
    file.imports
      .filter(({ target }) => folderOf(file.path) && folderOf(target) && folderOf(file.path) !== folderOf(target))
      .map(({ target }) => `${file.path} imports ${target}`),
  );
  assert.deepEqual(faults, []);
});

test("no files import each other in a ring", () => {
  assert.deepEqual(findCycles(sources), []);
});

test("no file is longer than 400 lines", () => {
  const all = [...sources, ...readSources("test", "bench", "scripts")];
  assert.deepEqual(
    all.filter((file) => file.lines > 400).map((file) => `${file.path}: ${file.lines}`),
    [],
  );
});

test("files are kebab-case and none is an index, a helper or a manager", () => {
  const name = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|bench))?\.tsx?$/;
  const banned = /^(index|utils?|helpers?|.*-(manager|service|helpers?|utils?))\.tsx?$/;
  const faults = sources
    .map((file) => file.path)
    .filter((path) => !name.test(path.split("/").at(-1)!) || banned.test(path.split("/").at(-1)!));
  assert.deepEqual(faults, []);
});

test("modules export by name only", () => {
  assert.deepEqual(
    sources.filter((file) => file.hasDefaultExport).map((file) => file.path),
    [],
  );
});
