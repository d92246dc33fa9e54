import assert from "node:assert/strict";
import https from "node:https";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { awsSns } from "../../main/webhooks/providers/aws-sns.ts";
import { createSeededRandom, type SeededRandom } from "../support/seeded-random.ts";
import { OPENSSL_MISSING, type OpensslCertificate, makeCertificate } from "./openssl.ts";
import { ORACLES_MISSING, load, resolves } from "./oracles/oracle.ts";
import { randomText } from "./oracles/random-request.ts";

type Message = Readonly<Record<string, string>>;
type Ask = (message: Message) => Promise<boolean>;

const CASES = 1000;
const CERT_URL = `https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-${"0".repeat(32)}.pem`;
const KEYS = {
  Notification: ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"],
  SubscriptionConfirmation: ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
  UnsubscribeConfirmation: ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
} as const;

/** Amazon's own code, which knows two of the three types; and somebody else's, which knows all. */
const ORACLES: readonly { readonly sdk: string; readonly types: readonly (keyof typeof KEYS)[]; readonly open: () => Ask }[] = [
  {
    sdk: "sns-validator 0.3.5",
    // It leaves the Token out of what an UnsubscribeConfirmation signs, which Amazon's documentation has in.
    types: ["Notification", "SubscriptionConfirmation"],
    open: () => {
      const Validator = load("sns-validator") as new () => { validate(message: object, done: (error: Error | null) => void): void };
      const validator = new Validator();
      return (message) => new Promise((resolve) => validator.validate({ ...message }, (error) => resolve(error === null)));
    },
  },
  {
    sdk: "sns-payload-validator 2.1.0",
    types: ["Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation"],
    open: () => {
      const Validator = load("sns-payload-validator") as new () => { validate(message: object): Promise<unknown> };
      const validator = new Validator();
      return (message) => resolves(() => validator.validate({ ...message }));
    },
  },
];

for (const [index, { sdk, types, open }] of ORACLES.entries())
  test(
    `aws-sns: ${CASES} messages, genuine and spoilt, are judged as by ${sdk}`,
    { skip: ORACLES_MISSING ?? OPENSSL_MISSING ?? false },
    async (t) => {
      using certificate = makeCertificate("sns.amazonaws.com");
      const random = createSeededRandom(index + 1);
      t.mock.method(https, "get", (_url: string, ...rest: unknown[]) =>
        answer(certificate.pem, rest.at(-1) as (response: PassThrough) => void),
      );
      const ask = open();
      const signed = new Map<string, Message>();
      const verdicts = { verified: 0, refused: 0 };
      for (let count = 0; count < CASES; count += 1) {
        // Signing by openssl is slow, so each signature is used for several cases.
        const kind = `${random.pick(types)} ${random.pick(["1", "2"])} ${random.below(6)}`;
        const genuine = signed.get(kind) ?? makeMessage(kind, certificate, random);
        signed.set(kind, genuine);
        const spoilt = random.chance(0.4) ? null : random.pick(SPOILS);
        const message = spoilt ? spoilt.change(genuine, random) : genuine;
        const verdict = awsSns.verify({ method: "POST", url: null, headers: [], body: Buffer.from(JSON.stringify(message)) }, [], {
          now: Date.now(),
          toleranceMs: null,
          certificate: certificate.pem,
        });
        const accepted = verdict.verdict === "verified";
        const said = `${kind}, ${spoilt?.what ?? "genuine"}: ${verdict.message}`;
        assert.equal(await ask(message), accepted || (spoilt?.onlyAcceptedByVendor ?? false), said);
        if (!spoilt) assert.ok(accepted, said);
        verdicts[accepted ? "verified" : "refused"] += 1;
      }
      assert.ok(verdicts.verified > 300 && verdicts.refused > 300, JSON.stringify(verdicts));
    },
  );

function answer(pem: string, respond: (response: PassThrough) => void): { on(): void } {
  const response = Object.assign(new PassThrough(), { statusCode: 200 });
  respond(response);
  response.end(pem);
  return { on: () => {} };
}

function makeMessage(kind: string, certificate: OpensslCertificate, random: SeededRandom): Message {
  const [type, version] = kind.split(" ") as [keyof typeof KEYS, "1" | "2"];
  const url = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription";
  const fields: Record<string, string> = {
    Type: type,
    MessageId: randomText(random, 36),
    TopicArn: "arn:aws:sns:eu-west-1:123456789012:orders",
    Message: random.pick(["", "plain", '{"json":"\\/ é"}', "日本\nlines\n", "🚚"]),
    Timestamp: new Date(Date.now() + 1000).toISOString(), // the certificate is valid from this second on
    SignatureVersion: version,
    SigningCertURL: CERT_URL,
    ...(type === "Notification" ? { UnsubscribeURL: url } : { Token: randomText(random, 64), SubscribeURL: url }),
    ...(type === "Notification" && random.chance(0.5) ? { Subject: "A subject" } : {}),
  };
  const content = KEYS[type].flatMap((name) => (name in fields ? [`${name}\n${fields[name]}\n`] : [])).join("");
  return { ...fields, Signature: certificate.sign(version === "1" ? "sha1" : "sha256", content) };
}

interface Spoil {
  readonly what: string;
  readonly change: (message: Message, random: SeededRandom) => Message;
  /** Known differences: the vendor's code takes it for genuine. */
  readonly onlyAcceptedByVendor?: true;
}

const REQUIRED = ["Message", "MessageId", "Timestamp", "TopicArn", "Type", "SignatureVersion", "SigningCertURL", "Signature"];

const SPOILS: readonly Spoil[] = [
  {
    what: "a field taken out",
    change: (message, random) => {
      const { [random.pick(REQUIRED)]: _, ...rest } = message;
      return rest;
    },
  },
  {
    what: "a field changed",
    change: (message, random) => {
      const name = random.pick(REQUIRED);
      return { ...message, [name]: `x${message[name]}` };
    },
  },
  { what: "the other version", change: (message) => ({ ...message, SignatureVersion: message["SignatureVersion"] === "1" ? "2" : "1" }) },
  {
    what: "another type",
    change: (message) => ({ ...message, Type: message["Type"] === "Notification" ? "SubscriptionConfirmation" : "Notification" }),
  },
  {
    what: "the certificate of somebody else",
    change: (message, random) => {
      const host = random.pick(["amazonaws.com.evil.example", "example.com", "amazonaws.com@example.com"]);
      return { ...message, SigningCertURL: message["SigningCertURL"]!.replace("amazonaws.com", host) };
    },
  },
  {
    what: "more behind the signature, which lenient base64 does not see",
    change: (message) => ({ ...message, Signature: `${message["Signature"]}x` }),
    onlyAcceptedByVendor: true,
  },
];
