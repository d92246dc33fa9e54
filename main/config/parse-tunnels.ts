import { z } from "zod";
import { MAX_TUNNEL_PROVIDERS, MAX_TUNNELS, TUNNEL_WAYS, type Tunnel } from "../contract/tunnel.ts";
import { TUNNEL_PROVIDERS } from "../contract/tunnel-provider.ts";
import type { ParseValue } from "./parse-value.ts";

/** YAML takes ports and `yes` for what they look like; settings are texts. */
const setting = z
  .union([z.string(), z.number(), z.boolean()])
  .transform((value) => (value === true ? "yes" : value === false ? "no" : String(value)));

const choice = z.strictObject({ provider: z.enum(TUNNEL_PROVIDERS), settings: z.record(z.string(), setting).default({}) });

const tunnels = z
  .array(
    z.strictObject({
      name: z.string(),
      providers: z.array(choice).max(MAX_TUNNEL_PROVIDERS),
      ways: z.array(z.enum(TUNNEL_WAYS)).default([]),
      localPort: z.int().min(0).max(65_535).default(0),
      selfTest: z.boolean().default(true),
    }),
  )
  .max(MAX_TUNNELS);

const EXPECTED = `a list of at most ${MAX_TUNNELS} tunnels, each with a name of its own and providers, like {name: main, providers: [{provider: ssh, settings: {host: hooks.example.com}}]}`;

/** A list from the file; elsewhere the same as JSON. What else is wrong with a tunnel is said when it is made. */
export const parseTunnels: ParseValue<readonly Tunnel[]> = (foreign) => {
  const parsed = tunnels.safeParse(typeof foreign === "string" ? fromJson(foreign) : foreign);
  const named = parsed.success && new Set(parsed.data.map(({ name }) => name)).size === parsed.data.length;
  return named ? { value: parsed.data } : { expected: EXPECTED };
};

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // no list, and refused as such
  }
}
