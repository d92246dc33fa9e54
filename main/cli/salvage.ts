import { loadConfig } from "../config/load-config.ts";
import { RefusalError } from "../contract/errors.ts";
import { systemClock } from "../platform/clock.ts";
import type { Command } from "./command.ts";
import { EXIT } from "./exit-codes.ts";
import { formatCount } from "./format-units.ts";
import { createProgressBar } from "./progress-bar.ts";
import { toJsonLine, toSafeLine } from "./safe-text.ts";

export const salvage: Command = {
  name: "salvage",
  summary: "save what can be read of a damaged log",
  usage: "salvage [options]",
  about: [
    "Writes every event that can still be read to a new log, with the same ids and seqs, and puts that in the place",
    "of the damaged one, which is kept beside it; so it does with sources, settings, bridges and sessions. A log that",
    "is sound is left as it is. The hub of the folder must be stopped.",
  ],
  arguments: { min: 0, max: 0 },
  options: {
    data: { type: "string", value: "FOLDER", help: "the data folder [as for serve]" },
    force: { type: "boolean", help: "write a sound log anew as well" },
    config: { type: "string", value: "FILE", help: "the settings file that names it" },
  },
  examples: [
    ["signalbox salvage", "the log of the usual data folder"],
    ["signalbox salvage --data ./events", "that of another"],
  ],
  async run({ flags, json }, io) {
    const { data, config: file } = flags;
    const loaded = loadConfig({ flags: { data, config: file }, env: io.env, cwd: process.cwd() });
    if (!loaded.ok) throw new RefusalError(loaded.refusal);
    const { salvage: salvageLog } = await import("../store/salvage.ts");
    const bar = createProgressBar(io.stderr, "salvage", systemClock);
    try {
      const report = salvageLog(loaded.value.config.dataFolder, {
        now: Date.now(),
        force: flags["force"] === true,
        onProgress: ({ done, total }) => bar.update(done, total),
      });
      bar.end();
      if (report.kept === null) {
        const text = `Nothing is damaged: all ${formatCount(report.events)} events of ${toSafeLine(report.log)} can be read. It was left as it is.\n`;
        await io.stdout.write(json ? toJsonLine(report) : text);
        return EXIT.ok;
      }
      const { saved, lost, firstLost, lastLost } = report;
      const loss = lost === 0 ? "none is lost" : `${formatCount(lost)} are lost, between seq ${firstLost} and ${lastLost}`;
      const lines = [
        `${formatCount(saved)} events are saved, ${loss}.`,
        `log      ${toSafeLine(report.log)}`,
        `before   ${toSafeLine(report.kept)} (kept; delete it when you are content)`,
      ];
      await io.stdout.write(json ? toJsonLine(report) : `${lines.join("\n")}\n`);
      return EXIT.ok;
    } finally {
      bar.end();
    }
  },
};
