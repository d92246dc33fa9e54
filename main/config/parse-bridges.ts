import { z } from "zod";
import { MAX_BRIDGES, MAX_ROUTES, type Bridge } from "../contract/bridge.ts";
import type { ParseValue } from "./parse-value.ts";

const route = z.strictObject({ filter: z.string(), localPrefix: z.string().default(""), remotePrefix: z.string().default("") });
const routes = z.array(route).max(MAX_ROUTES).default([]);
const bridges = z
  .array(
    z.strictObject({
      name: z.string(),
      url: z.string(),
      version: z.union([z.literal(4), z.literal(5)]).default(5),
      username: z.string().nullable().default(null),
      password: z.string().nullable().default(null),
      ca: z.string().nullable().default(null),
      subscribe: routes,
      publish: routes,
    }),
  )
  .max(MAX_BRIDGES);

const EXPECTED = `a list of at most ${MAX_BRIDGES} bridges, each with name, url and routes in subscribe or publish, like {name: up, url: "mqtts://broker.example", publish: [{filter: "#", remotePrefix: site/}]}`;

/** A list from the file; elsewhere the same as JSON. What else is wrong with a bridge is said when it is made. */
export const parseBridges: ParseValue<readonly Bridge[]> = (foreign) => {
  const parsed = bridges.safeParse(typeof foreign === "string" ? fromJson(foreign) : foreign);
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
