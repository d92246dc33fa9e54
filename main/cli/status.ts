import type { Command } from "./command.ts";
import { HUB_OPTIONS, withHub } from "./connect-hub.ts";
import { EXIT } from "./exit-codes.ts";
import { formatStatus } from "./format-status.ts";
import { toJsonLine } from "./safe-text.ts";
import { createStyle } from "./style.ts";

export const status: Command = {
  name: "status",
  summary: "show how the hub is",
  usage: "status [options]",
  about: ["Shows the running hub: version, listeners, the state of its log, how much it holds, rate and memory."],
  arguments: { min: 0, max: 0 },
  options: HUB_OPTIONS,
  examples: [
    ["signalbox status", "the hub of the usual data folder"],
    ["signalbox status --json | jq .log.lastSeq", "one figure for a script"],
    ["signalbox status --inspector http://127.0.0.1:4801", "the hub that listens there"],
  ],
  run: (input, io) =>
    withHub(input, io, async (client) => {
      const answer = await client.call("hub.status", {});
      await io.stdout.write(input.json ? toJsonLine(answer) : formatStatus(answer, createStyle(io, io.stdout)));
      return EXIT.ok;
    }),
};
