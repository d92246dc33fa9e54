#!/usr/bin/env node
// electron-builder makes .deb files with fpm, which it downloads. This takes the same command line and builds the package
// with Debian's own dpkg-deb: CUSTOM_FPM_PATH=scripts/fpm.mjs.
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";

const text = { type: "string" };
const list = { type: "string", multiple: true };
const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: {
    s: { ...text, short: "s" },
    t: { ...text, short: "t" },
    d: { ...list, short: "d" },
    force: { type: "boolean" },
    "deb-recommends": list,
    ...Object.fromEntries(
      ["after-install", "after-remove", "architecture", "category", "deb-compression", "deb-priority", "description", "license"]
        .concat(["maintainer", "name", "package", "url", "vendor", "version"])
        .map((name) => [name, text]),
    ),
  },
});
if (given.t !== "deb") throw new Error(`This fpm makes deb packages only, not ${String(given.t)}.`);

const root = mkdtempSync(join(tmpdir(), "deb-"));
try {
  chmodSync(root, 0o755);
  for (const pair of positionals) {
    const [from, to] = pair.split("=");
    copy(from, join(root, to));
  }
  mkdirSync(join(root, "DEBIAN"));
  writeFileSync(join(root, "DEBIAN/postinst"), readFileSync(given["after-install"]), { mode: 0o755 });
  writeFileSync(join(root, "DEBIAN/postrm"), readFileSync(given["after-remove"]), { mode: 0o755 });
  writeFileSync(join(root, "DEBIAN/control"), toControlFile());
  execFileSync("dpkg-deb", ["--root-owner-group", `-Z${String(given["deb-compression"] ?? "xz")}`, "--build", root, given.package], {
    stdio: "inherit",
  });
} finally {
  rmSync(root, { recursive: true, force: true });
}

function copy(from, target) {
  mkdirSync(dirname(target), { recursive: true });
  if (from.endsWith("/")) return cpSync(from, target, { recursive: true, verbatimSymlinks: true });
  copyFileSync(from, target);
  chmodSync(target, 0o644);
}

function installedBytes() {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

function toControlFile() {
  const [summary, ...rest] = given.description.trim().split("\n");
  const fields = {
    Package: given.name,
    Version: given.version,
    Architecture: given.architecture,
    Maintainer: given.maintainer,
    "Installed-Size": String(Math.ceil(installedBytes() / 1024)),
    Depends: given.d?.join(", "),
    Recommends: given["deb-recommends"]?.join(", "),
    Section: given.category ?? "default",
    Priority: given["deb-priority"],
    Homepage: given.url,
    Description: [summary, ...rest.map((line) => ` ${line.trim() || "."}`)].join("\n"),
  };
  return Object.entries(fields)
    .filter(([, value]) => value)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join("");
}
