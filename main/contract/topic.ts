/**
 * Topic names and topic filters, by MQTT 5 §4.7 everywhere: `/` parts levels, `+` stands for one level, a closing `#`
 * for the rest and the parent itself; wildcards at the start do not match `$…` topics (§4.7.2).
 */
export const MAX_TOPIC_BYTES = 1024;
export const MAX_TOPIC_LEVELS = 32;

const encoder = new TextEncoder();

function generalFault(text: string, what: string): string | null {
  if (text === "") return `${what} is empty`; // [MQTT-4.7.3-1]
  if (text.includes("\u0000")) return `${what} contains U+0000`; // [MQTT-4.7.3-2]
  if (!text.isWellFormed()) return `${what} is not valid Unicode`; // [MQTT-1.5.4-1]
  if (text.length > MAX_TOPIC_BYTES || encoder.encode(text).length > MAX_TOPIC_BYTES)
    return `${what} is longer than ${MAX_TOPIC_BYTES} bytes`;
  if (text.split("/").length > MAX_TOPIC_LEVELS) return `${what} has more than ${MAX_TOPIC_LEVELS} levels`;
  return null;
}

/** Why this cannot be a topic name, or null when it can. */
export function topicFault(topic: string): string | null {
  const fault = generalFault(topic, "the topic");
  if (fault) return fault;
  if (/[+#]/.test(topic)) return "the topic contains a wildcard (+ or #)"; // [MQTT-4.7.1-1]
  return null;
}

/** Topics that begin with $ are the hub's own to publish on (MQTT 5 §4.7.2: "SHOULD NOT … for other purposes"). Anyone may subscribe. */
export function isReservedTopic(topic: string): boolean {
  return topic.startsWith("$");
}

/** Why this cannot be a topic filter, or null when it can. */
export function topicFilterFault(filter: string): string | null {
  const fault = generalFault(filter, "the topic filter");
  if (fault) return fault;
  const levels = filter.split("/");
  for (const [index, level] of levels.entries()) {
    if (level.includes("#") && (level !== "#" || index !== levels.length - 1)) return "# must be the whole last level"; // [MQTT-4.7.1-2]
    if (level.includes("+") && level !== "+") return "+ must be a whole level"; // [MQTT-4.7.1-3]
  }
  return null;
}

/** Does the topic match the filter? Both are expected to be valid. */
export function matchesTopic(filter: string, topic: string): boolean {
  if (filter === topic) return true;
  if (topic.startsWith("$") && (filter.startsWith("+") || filter.startsWith("#"))) return false; // [MQTT-4.7.2-1]
  const want = filter.split("/");
  const have = topic.split("/");
  for (let i = 0; i < want.length; i += 1) {
    if (want[i] === "#") return true;
    if (i >= have.length) return false;
    if (want[i] !== "+" && want[i] !== have[i]) return false;
  }
  return want.length === have.length;
}
