import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { test } from "node:test";
import webhooks from "@octokit/webhooks-examples" with { type: "json" };
import { createInspectorApi } from "../support/inspector-api.ts";
import { startHub } from "../support/run-signalbox.ts";

/** As GitHub sends them; the package's own types need one that is not installed with it. */
const EXAMPLES = webhooks as unknown as readonly { readonly name: string; readonly examples: readonly object[] }[];

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

test("every example of GitHub's webhooks is listed with its headers, and its body is byte-identical through the REST API", async (t) => {
  const hub = await startHub();
  t.after(() => hub.stop());
  const api = createInspectorApi(hub);

  const sent = new Map<string, { delivery: string; event: string; digest: string }>();
  const deliveries = EXAMPLES.flatMap(({ name, examples }) =>
    examples.map((example) => ({ event: name, body: Buffer.from(JSON.stringify(example)) })),
  );
  assert.ok(deliveries.length >= 300, `only ${deliveries.length} examples`);
  await eachOf(deliveries, 8, async ({ event, body }) => {
    const delivery = randomUUID();
    const response = await fetch(`${hub.ingress}/in/github`, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "User-Agent": "GitHub-Hookshot/044aadd",
        "X-GitHub-Delivery": delivery,
        "X-GitHub-Event": event,
        "X-GitHub-Hook-ID": "292430182",
      },
      body,
    });
    assert.equal(response.status, 200);
    const { id } = (await response.json()) as { id: string };
    sent.set(id, { delivery, event, digest: sha256(body) });
  });

  const events = await api.allEvents("source:github");
  assert.deepEqual(new Set(events.map(({ id }) => id)), new Set(sent.keys()));
  await eachOf(events, 8, async ({ id }) => {
    const { delivery, event, digest } = sent.get(id)!;
    const detail = (await api.get(`/events/${id}`)) as { headers: [string, string][]; sha256: string; contentType: string };
    const header = (name: string) => detail.headers.find(([one]) => one.toLowerCase() === name)?.[1];
    assert.equal(header("x-github-delivery"), delivery);
    assert.equal(header("x-github-event"), event);
    assert.equal(detail.contentType, "application/json");
    assert.equal(detail.sha256, digest);
    assert.equal(sha256(await api.body(id)), digest);
  });
});

/** `work` on each item, at most `width` at once. */
async function eachOf<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const item of left) await work(item);
    }),
  );
}
