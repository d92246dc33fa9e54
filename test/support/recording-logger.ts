import type { Logger } from "../../main/platform/log.ts";

export interface RecordingLogger extends Logger {
  readonly lines: { readonly level: "error" | "warn" | "info" | "debug"; readonly message: string; readonly fields: object | undefined }[];
}

/** Keeps what it is told. */
export function createRecordingLogger(): RecordingLogger {
  const lines: RecordingLogger["lines"] = [];
  const keep = (level: (typeof lines)[number]["level"]) => (message: string, fields?: object) =>
    void lines.push({ level, message, fields });
  const logger: RecordingLogger = {
    lines,
    error: keep("error"),
    warn: keep("warn"),
    info: keep("info"),
    debug: keep("debug"),
    child: () => logger,
  };
  return logger;
}
