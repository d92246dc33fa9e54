import { createHmac, createSecretKey, sign, type KeyObject } from "node:crypto";
import { toPrivateKey, toSharedKey, type EndpointSecret } from "./endpoint-secret.ts";

/** What signs one endpoint's deliveries; keys are made ready once: Node takes ten times as long over a key that comes as bytes each time. */
export interface Signer {
  /**
   * The value of `webhook-signature`: one signature by each secret that is good at `now` (epoch ms), parted by blanks, over
   * `<id>.<timestamp>.<body>` (Standard Webhooks, "Signature scheme"). `timestamp` in seconds.
   */
  sign(id: string, timestamp: number, body: Uint8Array, now: number): string;
}

type Ready = { readonly expiresAt: number | null } & ({ readonly shared: KeyObject } | { readonly privateKey: KeyObject });

export function createSigner(secrets: readonly EndpointSecret[]): Signer {
  const ready: readonly Ready[] = secrets.map(({ kind, value, expiresAt }) =>
    kind === "v1" ? { shared: createSecretKey(toSharedKey(value)), expiresAt } : { privateKey: toPrivateKey(value), expiresAt },
  );
  return {
    sign(id, timestamp, body, now) {
      const head = `${id}.${timestamp}.`;
      const signatures: string[] = [];
      for (const key of ready) {
        if (key.expiresAt !== null && key.expiresAt <= now) continue;
        if ("shared" in key) signatures.push(`v1,${createHmac("sha256", key.shared).update(head).update(body).digest("base64")}`);
        else signatures.push(`v1a,${sign(null, Buffer.concat([Buffer.from(head), body]), key.privateKey).toString("base64")}`);
      }
      return signatures.join(" ");
    },
  };
}
