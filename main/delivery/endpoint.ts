import type { EndpointSettings } from "../contract/endpoint.ts";
import type { HeaderList } from "../contract/event.ts";
import type { EndpointSecret } from "./endpoint-secret.ts";

/** An outbound webhook target with everything that is known of it. */
export interface Endpoint extends EndpointSettings {
  readonly id: number;
  readonly createdAt: number;
  /** Why the hub switched it off. */
  readonly disabledReason: string | null;
  /** Sent along with each delivery; values may be secret. */
  readonly headers: HeaderList;
  /** The one in force first, then the one it has replaced, as long as that is good. */
  readonly secrets: readonly EndpointSecret[];
}

/** What of it the log keeps; the rest is kept apart, see endpoint-file.ts. */
export type PlainEndpoint = Omit<Endpoint, "id" | "name" | "headers" | "secrets">;

export function toPlain(endpoint: Endpoint): PlainEndpoint {
  const { url, description, enabled, filters, concurrency, ratePerSecond, ordered, timeoutMs, createdAt, disabledReason } = endpoint;
  return { url, description, enabled, filters, concurrency, ratePerSecond, ordered, timeoutMs, createdAt, disabledReason };
}
