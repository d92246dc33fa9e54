import pino from "pino";
import pretty from "pino-pretty";

/** What a part may say to whoever runs the program. `fields` must hold no secret and no payload. */
export interface Logger {
  error(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  info(message: string, fields?: object): void;
  debug(message: string, fields?: object): void;
  /** The same logger with these fields on every line. */
  child(fields: object): Logger;
}

export interface LoggerOptions {
  readonly level: "silent" | "error" | "warn" | "info" | "debug";
  /** Lines for a person instead of JSON. */
  readonly pretty: boolean;
}

/** Always to stderr: stdout belongs to what a command prints. */
export function createLogger(options: LoggerOptions): Logger {
  const settings = { level: options.level, base: null, serializers: { error: pino.stdSerializers.err } };
  const sink = options.pretty
    ? pretty({ destination: 2, sync: true, translateTime: "SYS:HH:MM:ss.l", errorLikeObjectKeys: ["error", "err"] })
    : pino.destination({ dest: 2, sync: true });
  return fromPino(pino(settings, sink));
}

function fromPino(target: pino.Logger): Logger {
  return {
    error: (message, fields) => target.error(fields ?? {}, message),
    warn: (message, fields) => target.warn(fields ?? {}, message),
    info: (message, fields) => target.info(fields ?? {}, message),
    debug: (message, fields) => target.debug(fields ?? {}, message),
    child: (fields) => fromPino(target.child(fields)),
  };
}

export const silentLogger: Logger = {
  error() {},
  warn() {},
  info() {},
  debug() {},
  child: () => silentLogger,
};
