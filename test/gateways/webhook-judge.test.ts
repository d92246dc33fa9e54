import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_ANSWER, DEFAULT_SOURCE_SETTINGS } from "../../main/contract/source.ts";
import { EVENT_STATES, VERDICTS } from "../../main/contract/event.ts";
import { judge } from "../../main/gateways/webhook/judge.ts";
import { PROVIDERS } from "../../main/webhooks/providers.ts";
import { FIXTURES } from "../webhooks/fixtures.ts";
import { createSeededRandom } from "../support/seeded-random.ts";

const BODIES = [
  "",
  "{",
  "null",
  "[]",
  "[null]",
  '"text"',
  "1e999",
  '{"type":{"type":1},"id":[],"value":[null,{}],"entry":[{"changes":[{"value":null}]}],"event":null,"events":null}',
  '{"Type":"SubscriptionConfirmation","SubscribeURL":{"href":1},"Signature":[],"SigningCertURL":"https://"}',
  '{"__proto__":{"type":"url_verification"},"constructor":1,"challenge":"c"}',
  '{"signature":{"timestamp":[],"token":null,"signature":{}},"event-data":7}',
  '{"challenge":"c","type":"url_verification"}',
  '{"event":"endpoint.url_validation","payload":{"plainToken":{}}}',
  "a=1&a=2&payload=%7B&%zz",
  "\u0000\ud800",
];
const VALUES = [
  "",
  " ",
  "v1=",
  "v1=,t=",
  "t=1,v1=zz",
  "sha256=",
  `sha256=${"0".repeat(64)}`,
  "v0=00",
  "v1,",
  "-1",
  "1e30",
  "9".repeat(400),
  "NaN",
  "\u00ff",
  "https://",
];

test("whatever bytes come, to whatever provider, there is a judgement and nothing is thrown", async () => {
  const random = createSeededRandom(11);
  const names = [...new Set(Object.values(FIXTURES).flatMap(({ request }) => request.headers.map(([name]) => name)))];
  names.push("X-Hook-Secret", "WebHook-Request-Origin", "Content-Digest", "Content-MD5");
  for (const provider of [null, ...PROVIDERS.map(({ id }) => id)]) {
    const fixture = Object.values(FIXTURES).find(({ request }) => PROVIDERS.find(({ id }) => id === provider)?.detect(request));
    for (let n = 0; n < 150; n += 1) {
      const mode = random.chance(0.5) ? "gateway" : "capture";
      const value = random.chance(0.5) ? (fixture?.secret ?? "key") : random.pick(["key", "whsec_AAAA", "\u0000"]);
      const secrets = random.chance(0.8) ? [{ name: "one", value }] : [];
      const source = {
        config: { ...DEFAULT_SOURCE_SETTINGS, name: "any", createdAt: 0, answer: DEFAULT_ANSWER, provider, mode } as const,
        secrets: () => ({ signature: secrets, handshake: secrets }),
        noteAnswered: () => {},
      };
      const headers = Array.from({ length: random.below(12) }, () => [random.pick(names), random.pick(VALUES)] as const);
      const request = {
        method: random.pick(["POST", "GET", "OPTIONS", "PUT"]),
        url: random.pick([
          "https://hub.example/in/any?hub.mode=subscribe&hub.challenge=1&crc_token=%ff&validationToken=x",
          "nonsense",
          "http://[::1",
          "/in/any",
        ]),
        headers,
        body: Buffer.from(random.pick(BODIES)),
      };
      const judgement = await judge(request, source, {
        now: Date.now(),
        fetchCertificate: async () => (random.chance(0.5) ? null : "no certificate"),
      });
      assert.ok(EVENT_STATES.includes(judgement.state) && VERDICTS.includes(judgement.verification.verdict));
      assert.equal(judgement.state === "refused", judgement.refusal !== null);
      if (mode === "gateway" && provider !== null && judgement.state === "accepted")
        assert.equal(judgement.verification.verdict, "verified");
    }
  }
});
