import { shellQuote } from "./shell-quote.ts";

/** Where devices reach the hub. */
export interface DeviceAddresses {
  readonly mqtt: { readonly host: string; readonly port: string } | null;
  /** Without a slash at its end. */
  readonly http: string | null;
}

export interface TopicCommand {
  readonly tool: string;
  readonly command: string;
}

/** Commands that show what comes on a topic, for the ways in that are open. */
export function subscribeCommands(topicOrFilter: string, { mqtt, http }: DeviceAddresses): TopicCommand[] {
  return [
    ...(mqtt ? [{ tool: "mosquitto_sub", command: `mosquitto_sub ${addressOf(mqtt)} -t ${shellQuote(topicOrFilter)} -v` }] : []),
    ...(http ? [{ tool: "curl", command: `curl -N ${shellQuote(`${http}/sse?topic=${encodeURIComponent(topicOrFilter)}`)}` }] : []),
  ];
}

/** Commands that publish a value to a topic. */
export function publishCommands(topic: string, payload: string, { mqtt, http }: DeviceAddresses): TopicCommand[] {
  const path = topic.split("/").map(encodeURIComponent).join("/");
  return [
    ...(mqtt
      ? [{ tool: "mosquitto_pub", command: `mosquitto_pub ${addressOf(mqtt)} -t ${shellQuote(topic)} -m ${shellQuote(payload)}` }]
      : []),
    ...(http ? [{ tool: "curl", command: `curl -d ${shellQuote(payload)} ${shellQuote(`${http}/publish/${path}`)}` }] : []),
  ];
}

function addressOf({ host, port }: { readonly host: string; readonly port: string }): string {
  return `-h ${shellQuote(host.replace(/^\[|\]$/g, ""))}${port === "1883" ? "" : ` -p ${port}`}`;
}
