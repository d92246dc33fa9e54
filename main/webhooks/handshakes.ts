import type { Handshake, HandshakeContext, HandshakeRule } from "./handshake.ts";
import { snsSubscription } from "./handshakes/aws-sns.ts";
import { cloudEventsOptions } from "./handshakes/cloud-events.ts";
import { discordPing } from "./handshakes/discord.ts";
import { dropboxChallenge } from "./handshakes/dropbox.ts";
import { hookSecret } from "./handshakes/hook-secret.ts";
import { hubChallenge } from "./handshakes/hub-challenge.ts";
import { intercomPing } from "./handshakes/intercom.ts";
import { graphValidation } from "./handshakes/microsoft-graph.ts";
import { slackUrlVerification } from "./handshakes/slack.ts";
import { xCrc } from "./handshakes/x-crc.ts";
import { zoomUrlValidation } from "./handshakes/zoom.ts";

const RULES: readonly HandshakeRule[] = [
  slackUrlVerification,
  zoomUrlValidation,
  hubChallenge,
  dropboxChallenge,
  graphValidation,
  cloudEventsOptions,
  snsSubscription,
  discordPing,
  hookSecret,
  xCrc,
  intercomPing,
];

/**
 * The handshake a request asks for, or null when it asks for none. Each rule is for its own provider. A source without a
 * provider answers those that nobody else sends and that need no secret: what it would say back was in the request.
 */
export function handshakeOf(context: HandshakeContext): Handshake | null {
  for (const rule of RULES) {
    const handshake = rule.answer(context);
    if (handshake !== null) return handshake;
  }
  return null;
}
