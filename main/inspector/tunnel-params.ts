import { z } from "zod";
import { MAX_TUNNEL_PROVIDERS, TUNNEL_WAYS } from "../contract/tunnel.ts";
import { TUNNEL_PROVIDERS } from "../contract/tunnel-provider.ts";

/** What the calls of tunnels take. What only a provider's own fields can tell, the tunnels refuse themselves. */

const oneOf = <const T extends readonly string[]>(values: T) => z.enum(values, { error: `must be one of ${values.join(", ")}` });

const NO_PORT = "must be a port from 0 to 65535";
const NO_CHOICES = `must be a list of at most ${MAX_TUNNEL_PROVIDERS} providers`;
const name = z.string({ error: "must be a tunnel's name" }).max(64, { error: "must be a tunnel's name of at most 64 characters" });
const byName = z.strictObject({ name });

const choice = z.strictObject(
  {
    provider: oneOf(TUNNEL_PROVIDERS),
    // Among them are secrets: what is wrong with a value is not said by this parser.
    settings: z.record(z.string().max(40), z.string({ error: "must be text" }), { error: "must be an object of texts" }).default({}),
  },
  { error: "must be an object with provider and settings" },
);

export const TUNNEL_SCHEMAS = {
  "tunnels.list": z.strictObject({}),
  "tunnels.save": z.strictObject({
    name,
    providers: z.array(choice, { error: NO_CHOICES }).max(MAX_TUNNEL_PROVIDERS, { error: NO_CHOICES }),
    ways: z.array(oneOf(TUNNEL_WAYS), { error: "must be a list" }).max(TUNNEL_WAYS.length, { error: "names a way twice" }).optional(),
    localPort: z.int({ error: NO_PORT }).min(0, { error: NO_PORT }).max(65_535, { error: NO_PORT }).optional(),
    selfTest: z.boolean({ error: "must be true or false" }).optional(),
  }),
  "tunnels.remove": byName,
  "tunnels.open": byName,
  "tunnels.close": byName,
  "tunnels.test": byName,
};
