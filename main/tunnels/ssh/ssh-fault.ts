import { TunnelFault } from "../tunnel.ts";

export interface SshTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
}

export type SshError = Error & { readonly level?: string; readonly code?: string | number };

/** What went wrong while connecting, for a person. `tried` are the ways that were tried to be let in. */
export function toSshFault(error: SshError, { host, port, user }: SshTarget, tried: readonly string[]): TunnelFault {
  const where = port === 22 ? host : `${host}, port ${port}`;
  if (error.level === "client-authentication") {
    const what = tried.length === 0 ? "nothing that was tried" : tried.join(", ");
    const message = `The server ${host} does not let ${user} in with ${what}. Add the public key to ~/.ssh/authorized_keys of ${user} there, or give another user or key.`;
    return new TunnelFault(message, { needsPerson: true });
  }
  switch (error.code) {
    case "ECONNREFUSED":
      return new TunnelFault(`Nothing listens for SSH at ${where}: the connection was refused. Is the server running, and the port right?`);
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new TunnelFault(`The name ${host} is not found. Is it right, and is this machine online?`);
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return new TunnelFault(`The server ${where} cannot be reached (${error.code}). Is this machine online?`);
    case "ECONNRESET":
      return new TunnelFault(`The server ${where} hung up while the connection was being made. It may allow no more connections for now.`);
  }
  if (error.level === "client-timeout") return new TunnelFault(`The server ${where} does not answer in time.`);
  return new TunnelFault(`The connection to ${where} failed: ${error.message}.`);
}

/** Why a connection that stood is gone. */
export function toSshEnd(error: SshError | null, host: string): string {
  if (error === null) return `The server ${host} closed the connection.`;
  if (/keepalive/i.test(error.message)) return `The server ${host} stopped answering.`;
  return `The connection to ${host} broke: ${error.message}.`;
}
