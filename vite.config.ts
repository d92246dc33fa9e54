import react from "@vitejs/plugin-react";
import { existsSync, globSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig } from "vite";
import { licences } from "./scripts/licences.ts";

const here = import.meta.dirname;
const at = (path: string): string => resolve(here, path);

/** What is started by itself and not imported: the entries of the three programs, and worker threads. */
const mainEntries = ["main/electron/app.ts", "main/hub-process.ts", "main/headless.ts", ...globSync("main/**/*-worker.ts", { cwd: here })];

/**
 * One `vite build` makes all three parts of the desktop app, each for its own surroundings:
 * renderer (browser) → dist/renderer, preload (sandboxed, so one CommonJS file) → dist/preload, main (Node) → dist/main;
 * and the client library (pages in browsers, one ES module) → dist/client, which the hub serves.
 */
export default defineConfig({
  root: at("renderer"),
  base: "/",
  plugins: [react(), licences(here)],
  // Nothing is inlined: the content security policy allows no data: fonts or scripts.
  build: { outDir: at("dist/renderer"), emptyOutDir: true, target: "chrome140", assetsInlineLimit: 0, chunkSizeWarningLimit: 4000 },
  builder: {
    async buildApp(builder) {
      const { client, library, preload, main } = builder.environments;
      if (client && existsSync(at("renderer/main.tsx"))) await builder.build(client);
      if (library) await builder.build(library);
      if (preload) await builder.build(preload);
      if (main) await builder.build(main);
    },
  },
  environments: {
    library: {
      consumer: "client",
      build: {
        outDir: at("dist/client"),
        emptyOutDir: true,
        copyPublicDir: false,
        target: "es2022",
        sourcemap: true,
        rolldownOptions: {
          input: at("client/signalbox-client.ts"),
          preserveEntrySignatures: "strict",
          output: { entryFileNames: "[name].js" },
        },
      },
    },
    preload: {
      consumer: "server",
      resolve: { noExternal: true, external: ["electron"] },
      build: {
        outDir: at("dist/preload"),
        emptyOutDir: true,
        copyPublicDir: false,
        rolldownOptions: { input: at("preload/preload.ts"), output: { format: "cjs", entryFileNames: "[name].cjs" } },
      },
    },
    main: {
      consumer: "server",
      resolve: { external: true },
      build: {
        outDir: at("dist/main"),
        emptyOutDir: true,
        copyPublicDir: false,
        target: "node24",
        minify: false,
        rolldownOptions: {
          input: mainEntries.map(at).filter((path) => existsSync(path)),
          // Every module stays its own file in its own folder: workers are found beside the file that starts them.
          output: { preserveModules: true, preserveModulesRoot: at("main"), entryFileNames: "[name].js" },
        },
      },
    },
  },
});
