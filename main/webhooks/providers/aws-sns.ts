import type { Verification } from "../../contract/verification.ts";
import { certificateFault, pinnedUrl, verifyRsa } from "../certificate.ts";
import type { Provider, WebhookRequest } from "../provider.ts";
import { findHeader, hasHeader } from "../read-header.ts";
import { at, readJson, textAt } from "../read-json.ts";
import { parseTime, timeFault } from "../signed-time.ts";
import { isSameText } from "../signing-key.ts";
import { failed, unverifiable, verified } from "../verdict.ts";

const CERTIFICATE_URL = /^https:\/\/sns\.[a-zA-Z0-9-]{3,}\.amazonaws\.com(\.cn)?\/SimpleNotificationService-[a-zA-Z0-9]+\.pem$/;
const NOTIFICATION = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"];
const CONFIRMATION = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];
const SIGNED: Readonly<Record<string, readonly string[]>> = {
  Notification: NOTIFICATION,
  SubscriptionConfirmation: CONFIRMATION,
  UnsubscribeConfirmation: CONFIRMATION,
};
const DIGESTS: Readonly<Record<string, "sha1" | "sha256">> = { "1": "sha1", "2": "sha256" };
const ARN = /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}(\.fifo)?$/;

export const awsSns: Provider = {
  id: "aws-sns",
  name: "AWS SNS",
  docs: "https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html",
  secret: {
    kind: "identifier",
    label: "Topic ARN",
    help: "arn:aws:sns:…, one for each topic that may send here. Without one, anybody's topic may: Amazon signs for all of them.",
    required: false,
    fault: (value) => (ARN.test(value) ? null : "A topic's ARN looks like arn:aws:sns:eu-west-1:123456789012:orders."),
  },
  covers: ["body", "time", "id"],
  proven: true,
  evidence: "sns-validator 0.3.5 and sns-payload-validator 2.1.0",
  // An attempt that is repeated carries the first one's signature.
  toleranceMs: null,
  budgetMs: 15_000,
  detect: ({ headers }) => (hasHeader(headers, "x-amz-sns-message-type") ? "certain" : null),
  certificateUrl(request) {
    const message = readMessage(request);
    if ("verification" in message) return message;
    const url = pinnedUrl(message.certificateUrl, CERTIFICATE_URL);
    return url
      ? { url }
      : {
          verification: failed(
            "certificate-untrusted",
            `The certificate is said to be at ${shown(message.certificateUrl)}, which is not Amazon's.`,
          ),
        };
  },
  verify(request, topics, context) {
    const source = awsSns.certificateUrl!(request);
    if ("verification" in source) return source.verification;
    const message = readMessage(request) as Message;
    if (!context.certificate) return unverifiable("certificate-unavailable", `Amazon's certificate could not be had from ${source.url}.`);
    const signedAt = parseTime(message.timestamp, "rfc3339");
    if (!signedAt) return failed("malformed", "The Timestamp of the message is no time.");
    const untrusted = certificateFault(context.certificate, signedAt.at, () => true);
    if (untrusted) return untrusted;
    const fault =
      verifyRsa(message.digest, context.certificate, message.signature, [message.content]) ??
      topicFault(message.topic, topics) ??
      timeFault(signedAt, context, null);
    const name = topics.find(({ value }) => isSameText(value, message.topic))?.name ?? null;
    return fault ? { ...fault, signedAt: signedAt.at } : verified(name, signedAt.at);
  },
  deliveryId: (request) => findHeader(request.headers, "x-amz-sns-message-id") ?? textAt(readJson(request), "MessageId"),
  eventType: (request) => findHeader(request.headers, "x-amz-sns-message-type") ?? textAt(readJson(request), "Type"),
};

interface Message {
  readonly certificateUrl: string;
  readonly timestamp: string;
  readonly topic: string;
  readonly signature: string;
  readonly digest: "sha1" | "sha256";
  readonly content: string;
}

function readMessage(request: WebhookRequest): Message | { readonly verification: Verification } {
  const refused = (verification: Verification): { verification: Verification } => ({ verification });
  if (findHeader(request.headers, "x-amz-sns-rawdelivery") === "true")
    return refused(
      unverifiable("unsigned", "The subscription has raw message delivery on, and Amazon does not sign raw messages. Switch it off."),
    );
  const body = readJson(request);
  const text = (name: string): string | null => textAt(body, name);
  const names = SIGNED[text("Type") ?? ""];
  const certificateUrl = text("SigningCertURL");
  const [timestamp, topic, signature] = [text("Timestamp"), text("TopicArn"), text("Signature")];
  if (!names || !certificateUrl || !timestamp || !topic || !signature)
    return refused(
      failed(
        "malformed",
        "The body is no signed message of SNS: a field of Type, TopicArn, Timestamp, Signature, SigningCertURL is missing.",
      ),
    );
  const digest = DIGESTS[text("SignatureVersion") ?? ""];
  if (!digest)
    return refused(
      unverifiable("unsupported", `The message is signed by version ${shown(text("SignatureVersion") ?? "?")}; 1 and 2 are known.`),
    );
  // What is not there is not signed; nor is a Subject of null, which is how Lambda writes that there is none.
  const signed = names.flatMap((name) => {
    const value = at(body, name);
    return value === undefined || value === null ? [] : [`${name}\n${typeof value === "string" ? value : JSON.stringify(value)}\n`];
  });
  return { certificateUrl, timestamp, topic, signature, digest, content: signed.join("") };
}

function topicFault(topic: string, topics: readonly { readonly value: string }[]): Verification | null {
  if (topics.length === 0 || topics.some(({ value }) => isSameText(value, topic))) return null;
  return failed(
    "not-allowed",
    `The message is Amazon's, but from the topic ${shown(topic)}, which this source does not take. Add its ARN if it should.`,
  );
}

const shown = (text: string): string => JSON.stringify(text.slice(0, 200));
