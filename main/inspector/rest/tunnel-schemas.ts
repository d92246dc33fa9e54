import { z } from "zod";
import { STREAM_RESULTS, TUNNEL_STATES, TUNNEL_WAYS } from "../../contract/tunnel.ts";
import { TUNNEL_PROVIDERS } from "../../contract/tunnel-provider.ts";

/** What is told of tunnels. */

const count = z.int().min(0);
const time = count.describe("Epoch ms");
const provider = z.enum(TUNNEL_PROVIDERS);

export const tunnelHealth = z.object({
  testedAt: time,
  ok: z.boolean(),
  latencyMs: count.nullable().describe("Through the public URL, there and back"),
  stream: z.enum(STREAM_RESULTS).describe("Whether answers to GET and POST come through as they are written"),
  reason: z.string().nullable(),
});

export const tunnelInfo = z.object({
  name: z.string(),
  providers: z
    .array(
      z.object({
        provider,
        settings: z.record(z.string(), z.string()).describe("Without its secrets"),
        secrets: z.array(z.string()).describe("Which of them are set"),
      }),
    )
    .describe("The first is used, the others stand in for it"),
  ways: z.array(z.enum(TUNNEL_WAYS)).describe("What it carries beside webhooks; a key is needed for these"),
  localPort: count,
  selfTest: z.boolean(),
  fromFile: z.boolean(),
  wanted: z.boolean().describe("Opened again after a restart"),
  state: z.enum(TUNNEL_STATES),
  provider: provider.nullable().describe("The one that is asked or used now"),
  publicUrl: z.string().nullable(),
  localUrl: z.string().nullable().describe("Its own listener on this machine"),
  reason: z.string().nullable().describe("Why it is not open, or was lost the last time"),
  note: z.string().nullable(),
  openedAt: time.nullable(),
  retryAt: time.nullable(),
  reconnects: count,
  requests: count,
  turnedAway: count.describe("Of these, for what is not public"),
  health: tunnelHealth.nullable(),
  sources: z.array(z.object({ source: z.string(), url: z.string() })).describe("Public sources and where they are reached"),
});

export const tunnelList = z.object({
  tunnels: z.array(tunnelInfo),
  unavailable: z.array(z.object({ provider, reason: z.string() })).describe("Providers that cannot be used as things are"),
});

export const TUNNEL_RESULTS = {
  "tunnels.list": tunnelList,
  "tunnels.save": tunnelInfo,
  "tunnels.remove": z.object({}),
  "tunnels.open": tunnelInfo,
  "tunnels.close": tunnelInfo,
  "tunnels.test": tunnelHealth,
};
