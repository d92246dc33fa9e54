import type { ListenAddress } from "../config/config.ts";
import { parseListen } from "../config/parse-value.ts";
import { accept, refuse, type Result } from "../contract/errors.ts";
import { toAuthority } from "../platform/net.ts";

/** As the setting writes it; null for off. */
export function formatAddress(address: ListenAddress): string | null {
  return address && toAuthority(address.host, address.port);
}

/** What somebody asks for at run time. Refuses PARAMS_INVALID. */
export function parseAddress(text: string | null): Result<ListenAddress> {
  if (text === null) return accept(null);
  const parsed = parseListen(text, "");
  if ("value" in parsed) return accept(parsed.value);
  return refuse("PARAMS_INVALID", `"${text}" is not an address to listen on. Expected: ${parsed.expected}.`, { parameter: "address" });
}
