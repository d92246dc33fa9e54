import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

export interface SourceFile {
  /** Path from the project's root, with forward slashes. */
  readonly path: string;
  readonly lines: number;
  readonly hasDefaultExport: boolean;
  /** What it imports: project files by path, anything else as written. */
  readonly imports: readonly Import[];
}

export interface Import {
  readonly target: string;
  readonly typeOnly: boolean;
}

const ROOT = resolve(import.meta.dirname, "../..");
const SPECIFIER =
  /(?:^|[\n;])\s*(import|export)(\s+type)?\b[^"'`;]*?from\s*["']([^"']+)["']|(?:^|[\n;])\s*import\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/g;

/** Every TypeScript source below the folders, with what it imports. */
export function readSources(...folders: string[]): SourceFile[] {
  const paths = folders.flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx}`, { cwd: ROOT }));
  return paths.map((path) => readSource(path.replaceAll("\\", "/")));
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), "utf8");
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  const imports = [...code.matchAll(SPECIFIER)].map(([, , type, named, bare, dynamic]) => {
    const specifier = (named ?? bare ?? dynamic)!;
    const target = specifier.startsWith(".") ? relative(ROOT, resolve(ROOT, dirname(path), specifier)).replaceAll("\\", "/") : specifier;
    return { target, typeOnly: type !== undefined };
  });
  return { path, lines: text.split("\n").length - 1, hasDefaultExport: /^export default\b/m.test(code), imports };
}

/** Groups of files that import each other in a ring; types do not count, they are gone at run time. */
export function findCycles(files: readonly SourceFile[]): string[][] {
  const graph = new Map(files.map((file) => [file.path, file.imports.filter((one) => !one.typeOnly).map((one) => one.target)]));
  const state = new Map<string, "open" | "done">();
  const cycles: string[][] = [];
  const visit = (path: string, trail: string[]): void => {
    if (state.get(path) === "done" || !graph.has(path)) return;
    if (state.get(path) === "open") {
      cycles.push([...trail.slice(trail.indexOf(path)), path]);
      return;
    }
    state.set(path, "open");
    for (const next of graph.get(path)!) visit(next, [...trail, path]);
    state.set(path, "done");
  };
  for (const path of graph.keys()) visit(path, []);
  return cycles;
}
