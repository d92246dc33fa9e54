import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Built into the page: development dependencies that the program carries all the same. */
const IN_THE_PAGE = /^(@codemirror\/|@fontsource|lucide-react|react|uplot)/;

/** Writes licences.json beside the page: every package the program carries, with its licence's text. */
export function licences(root: string): Plugin {
  return {
    name: "signalbox:licences",
    applyToEnvironment: (environment) => environment.name === "client",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "licences.json", source: JSON.stringify(collectLicences(root)) });
    },
  };
}

export function collectLicences(root: string): readonly { name: string; version: string; licence: string; text: string }[] {
  const own = readManifest(root) as Manifest & { readonly devDependencies: Readonly<Record<string, string>> };
  const waiting = [
    ...Object.keys(own.dependencies ?? {}),
    ...Object.keys(own.devDependencies).filter((name) => IN_THE_PAGE.test(name)),
  ].map((name) => ({ name, from: root }));
  const found = new Map<string, { name: string; version: string; licence: string; text: string }>();
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const folder = findPackage(next.name, next.from, root);
    if (folder === null) continue; // an optional one that this system does not need
    const { name, version, license = "see its text", dependencies = {} } = readManifest(folder);
    if (found.has(name)) continue;
    found.set(name, { name, version, licence: license, text: readLicence(folder) });
    waiting.push(...Object.keys(dependencies).map((name) => ({ name, from: folder })));
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

/** As Node finds it: in the nearest node_modules, up to the root's. */
function findPackage(name: string, from: string, root: string): string | null {
  for (let folder = from; folder.length >= root.length; folder = join(folder, "..")) {
    const path = join(folder, "node_modules", name);
    try {
      readManifest(path);
      return path;
    } catch {
      // further up
    }
  }
  return null;
}

function readLicence(folder: string): string {
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)/i.test(name));
  return file === undefined ? "The package carries no text of its licence." : readFileSync(join(folder, file), "utf8").trim();
}
