import type { CallParams, Published } from "../contract/calls.ts";
import { RefusalError } from "../contract/errors.ts";
import { topicFault } from "../contract/topic.ts";
import { flagText, UsageError, type Command } from "./command.ts";
import { postToHub, HUB_OPTIONS, locateHub, withHub } from "./connect-hub.ts";
import { EXIT } from "./exit-codes.ts";
import { formatBytes } from "./format-units.ts";
import type { CliIo } from "./io.ts";
import { toJsonLine, toSafeLine } from "./safe-text.ts";

/** What is larger goes by REST: a link's frames are bounded, and text can become six times as long in JSON. */
const LINK_PAYLOAD_BYTES = 256 * 1024;

export const publish: Command = {
  name: "publish",
  summary: "publish an event on a topic",
  usage: "publish <topic> [payload|-] [options]",
  about: [
    "Publishes one event and prints its id and seq once it is stored. The payload is the second argument, or,",
    "with - or when something is piped in, the bytes of standard input. Put -- before a payload that begins",
    "with a dash.",
  ],
  arguments: { min: 1, max: 2 },
  options: {
    "content-type": { type: "string", short: "t", value: "type", help: "what the payload is, e.g. application/json" },
    retain: { type: "boolean", short: "r", help: "keep it as the topic's last value" },
    ...HUB_OPTIONS,
  },
  examples: [
    [`signalbox publish sensors/kitchen '{"celsius":21.5}' --content-type application/json`, "publish JSON"],
    ["signalbox publish cameras/door - < photo.jpg", "publish the bytes of a file"],
    ["date | signalbox publish clocks/desk --retain", "publish what a program writes, and keep it as the last value"],
  ],
  async run(input, io) {
    const [topic = "", given] = input.arguments;
    const fault = topicFault(topic);
    if (fault) throw new RefusalError({ code: "TOPIC_INVALID", message: `"${toSafeLine(topic)}" cannot be a topic: ${fault}.` });
    if (given === undefined && io.stdin.isTTY === true) {
      throw new UsageError(`There is nothing to publish: give a payload, or pipe one in.`, "publish");
    }
    return withHub(input, io, async (client) => {
      const { limits } = await client.call("hub.status", {});
      const bytes = given === undefined || given === "-" ? await readAll(io.stdin, limits.maxBodyBytes) : Buffer.from(given);
      if (bytes.length > limits.maxBodyBytes) throw tooLarge(limits.maxBodyBytes);
      const event: CallParams<"events.publish"> = {
        topic,
        ...toPayload(bytes),
        contentType: flagText(input, "content-type"),
        retain: input.flags["retain"] === true,
      };
      const published =
        bytes.length <= LINK_PAYLOAD_BYTES
          ? await client.call("events.publish", event)
          : ((await postToHub(await locateHub(input, io), "/publish", event)) as Published);
      await io.stdout.write(input.json ? toJsonLine(published) : `${published.id}  seq ${published.seq}\n`);
      return EXIT.ok;
    });
  },
};

/** Text crosses as it is; what is not UTF-8 as base64. */
function toPayload(bytes: Buffer): { payload: string; encoding: "utf8" | "base64" } {
  try {
    return { payload: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes), encoding: "utf8" };
  } catch {
    return { payload: bytes.toString("base64"), encoding: "base64" };
  }
}

async function readAll(stdin: CliIo["stdin"], maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(maxBytes: number): RefusalError {
  const message = `The payload is larger than the ${formatBytes(maxBytes)} this hub takes. Start the hub with a larger --max-body, or publish less.`;
  return new RefusalError({ code: "BODY_TOO_LARGE", message, details: { maxBytes } });
}
