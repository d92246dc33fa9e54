import { createBridge, setUpIsolatedWorld, setUpMainWorld } from "./page-worlds.ts";
import { createPortLink } from "./port-link.ts";
import { createCodec } from "./structured-clone.ts";

/** The name Electron gives the preload's world. */
export const WORLD = "Electron Isolated Context";

/** The bridge's, codec's and worlds' own source text: Chromium runs them, not Node. */
const bridge = String(createBridge);
const mainWorld = String(setUpMainWorld);
const isolatedWorld = String(setUpIsolatedWorld);
const codec = String(createCodec);
const portLink = String(createPortLink);

/** The two scripts that every document of a page begins with. `token` keeps the page from guessing the bridge's events. */
export function writePageScripts(preload: string, token: string): { main: string; isolated: string } {
  const { platform, arch, versions } = process;
  const info = { platform, arch, versions, type: "renderer", sandboxed: true, contextIsolated: true, env: {}, argv: [] };
  const inTopFrame = (script: string): string => `if (window === window.top) { ${bridge}\n${script} }`;
  return {
    main: inTopFrame(`(${mainWorld})(createBridge("main-${token}", "isolated-${token}"));`),
    isolated: inTopFrame(`(${isolatedWorld})({
      bridge: createBridge("isolated-${token}", "main-${token}"),
      codec: (${codec})(),
      createPortLink: ${portLink},
      info: ${JSON.stringify(info)},
      runPreload(require, process) {
        const module = { exports: {} }, exports = module.exports;
        ${preload}
      },
    });`),
  };
}
