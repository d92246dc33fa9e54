/** Why the hub did not reach itself through the tunnel, for a person. */
export function toTestFault(what: { readonly status: number } | { readonly error: NodeJS.ErrnoException }, publicUrl: string): string {
  const { host, hostname } = new URL(publicUrl);
  if ("status" in what) {
    const { status } = what;
    if (status >= 300 && status < 400) return `${publicUrl} answers with a redirect (${status}) instead of handing the request on.`;
    if (status >= 500) return `${host} answered ${status}: the provider does not reach this hub's end of the tunnel.`;
    return `What answers at ${host} is not this hub (status ${status}).`;
  }
  const { name, code, message } = what.error;
  if (name === "AbortError" || name === "TimeoutError") return `${host} did not answer in time.`;
  switch (code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `The name ${hostname} is not found; a new one can take a minute to be known.`;
    case "ECONNREFUSED":
      return `Nothing listens at ${host}. An SSH server listens for others only if its sshd_config has GatewayPorts yes or clientspecified.`;
    case "NOT_PUBLIC":
      return `${publicUrl} is not dialled, as the provider has named it and it is not on the public internet (${message}).`;
    default:
      return `${host} cannot be reached: ${message}.`;
  }
}
