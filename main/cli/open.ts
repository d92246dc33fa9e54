import { RefusalError } from "../contract/errors.ts";
import { hasDisplay, openBrowser } from "./browser.ts";
import type { Command } from "./command.ts";
import { postToHub, HUB_OPTIONS, locateHub } from "./connect-hub.ts";
import { EXIT } from "./exit-codes.ts";
import { toJsonLine } from "./safe-text.ts";

export const open: Command = {
  name: "open",
  summary: "open the inspector in the browser, logged in",
  usage: "open [options]",
  about: ["Makes a fresh login link, good for one use, prints it, and opens it in the browser when there is a screen."],
  arguments: { min: 0, max: 0 },
  options: { print: { type: "boolean", help: "only print the link" }, ...HUB_OPTIONS },
  examples: [
    ["signalbox open", "open the inspector"],
    ["signalbox open --print", "only the link, to open it elsewhere"],
  ],
  async run(input, io) {
    const hub = await locateHub(input, io);
    const answer = await postToHub(hub, "/login-links", {});
    const url = typeof answer === "object" && answer !== null && "url" in answer ? answer.url : null;
    if (typeof url !== "string") throw new RefusalError({ code: "INTERNAL", message: `The hub at ${hub.inspector} gave no login link.` });
    const wanted = input.flags["print"] !== true && hasDisplay(io.env, process.platform);
    const opened = wanted && (await openBrowser(url, process.platform));
    await io.stdout.write(input.json ? toJsonLine({ login: url, opened }) : `${url}\n`);
    if (wanted && !opened && !input.json) await io.stderr.write("No browser could be started; open the link by hand.\n");
    return EXIT.ok;
  },
};
