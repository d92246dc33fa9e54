import type { NewKeyInfo } from "../../main/contract/key.ts";
import type { ListenerStatus } from "../../main/contract/status.ts";
import { shellQuote } from "./shell-quote.ts";

export interface KeyCommand {
  readonly title: string;
  readonly command: string;
}

/** Ready-made commands that use a new key, for the listeners that are on. */
export function keyCommands(
  { name, secret, publish }: NewKeyInfo,
  listeners: readonly Pick<ListenerStatus, "name" | "url">[],
): readonly KeyCommand[] {
  const commands: KeyCommand[] = [];
  const topic = topicFor(publish[0], name);
  if (topic === null) return commands;
  const mqtt = listeners.find((one) => one.name === "mqtt");
  if (mqtt) {
    const { hostname, port } = new URL(mqtt.url);
    const host = hostname.replace(/^\[|\]$/g, "");
    commands.push({
      title: "Try it over MQTT",
      command: `mosquitto_pub -h ${host} -p ${port || "1883"} -u ${name} -P ${secret} -i ${name} -t ${shellQuote(topic)} -m hello`,
    });
  }
  const ingress = listeners.find((one) => one.name === "ingress");
  if (ingress)
    commands.push({
      title: "Try it over HTTP",
      command: `curl ${ingress.url.replace(/\/$/, "")}/publish/${topic.split("/").map(encodeURIComponent).join("/")} -H 'Authorization: Bearer ${secret}' -d hello`,
    });
  return commands;
}

/** A topic the filter allows; null without a filter. */
function topicFor(filter: string | undefined, name: string): string | null {
  if (filter === undefined) return null;
  const levels = filter
    .replaceAll("%k", () => name)
    .replaceAll("%c", () => name)
    .split("/");
  const topic = levels.map((level) => (level === "+" || level === "#" ? "hello" : level)).join("/");
  return topic;
}
