import { RefusalError } from "../contract/errors.ts";
import { toAuthority } from "../platform/net.ts";

export interface Wanted {
  /** The listener's name, which is also its setting's. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** Why an address cannot be listened on, told with who wants it and the option that moves it. What is not expected stays as it is. */
export function toListenFault(error: NodeJS.ErrnoException, { name, host, port }: Wanted): Error {
  const details = { listener: name, setting: name, host, port };
  const where = toAuthority(host, port);
  switch (error.code) {
    case "EADDRINUSE": {
      const message = `Port ${port} on ${host} is in use, and the ${name} listener wants it. Stop the other program, or move the listener with --${name} ${toAuthority(host, 0)} (any free port).`;
      return new RefusalError({ code: "PORT_BUSY", message, details });
    }
    case "EACCES": {
      const message = `The ${name} listener may not use ${where}: the system keeps that port for privileged programs. Choose one from 1024 up with --${name}.`;
      return new RefusalError({ code: "LISTEN_REFUSED", message, details });
    }
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN": {
      const message = `The ${name} listener cannot use ${where}: this machine has no such address. Give it another with --${name}.`;
      return new RefusalError({ code: "LISTEN_REFUSED", message, details });
    }
    default:
      return error;
  }
}
