import { httpUrl, type DeviceKey, type HubAddress } from "./pairing.ts";
import { shellQuote } from "./shell-quote.ts";

/** A program or command to copy that connects a device with its key. */
export interface Snippet {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  /** What it needs, in a sentence. */
  readonly needs: string;
}

type Line = string | null;

/** For every kind of device that can reach the hub by this address. */
export function deviceSnippets(address: HubAddress, key: DeviceKey): readonly Snippet[] {
  return [arduino, microPython, pahoPython, mosquitto, mqttJs, browser, curl].flatMap((make) => make(address, key) ?? []);
}

/** Without brackets, as everything but a URL wants an IPv6 address. */
const bare = (host: string): string => host.replace(/^\[|\]$/g, "");
/** As the source text of C++, Python and JavaScript alike: names, secrets and topics hold nothing that JSON would not escape. */
const quote = (text: string): string => JSON.stringify(text);
const lines = (...all: readonly Line[]): string => all.filter((line) => line !== null).join("\n");
const OWN_CERTIFICATE = "The hub's certificate is in Settings, under TLS.";

function arduino({ host, mqtt }: HubAddress, { name, secret, topic, filter }: DeviceKey): Snippet | null {
  if (!mqtt) return null;
  const text = lines(
    "#include <WiFi.h>",
    mqtt.tls ? "#include <WiFiClientSecure.h>" : null,
    "#include <PubSubClient.h>",
    "",
    mqtt.tls ? "WiFiClientSecure network;" : "WiFiClient network;",
    "PubSubClient hub(network);",
    "",
    "void onEvent(char *topic, uint8_t *payload, unsigned int length) {",
    '  Serial.printf("%s: %.*s\\n", topic, (int)length, (char *)payload);',
    "}",
    "",
    "void setup() {",
    "  Serial.begin(115200);",
    '  WiFi.begin("your network", "its password");',
    mqtt.tls ? "  network.setInsecure();  // better: setCACert with the hub's certificate" : null,
    `  hub.setServer(${quote(bare(host))}, ${mqtt.port});`,
    "  hub.setCallback(onEvent);",
    "}",
    "",
    "void loop() {",
    `  if (!hub.connected() && hub.connect(${quote(name)}, ${quote(name)}, ${quote(secret)})) {`,
    filter === null ? null : `    hub.subscribe(${quote(filter)});`,
    topic === null ? null : `    hub.publish(${quote(topic)}, "hello");`,
    "  }",
    "  if (!hub.loop()) delay(2000);",
    "}",
  );
  return { id: "arduino", title: "ESP32", text, needs: "Arduino with the library PubSubClient." };
}

function microPython({ host, mqtt }: HubAddress, { name, secret, topic, filter }: DeviceKey): Snippet | null {
  if (!mqtt) return null;
  const text = lines(
    "from umqtt.simple import MQTTClient",
    "",
    "def on_event(topic, payload):",
    "    print(topic, payload)",
    "",
    `hub = MQTTClient(${quote(name)}, ${quote(bare(host))}, ${mqtt.port}, ${quote(name)}, ${quote(secret)}${mqtt.tls ? ", ssl=True" : ""})`,
    "hub.set_callback(on_event)",
    "hub.connect()",
    filter === null ? null : `hub.subscribe(${quote(filter)})`,
    topic === null ? null : `hub.publish(${quote(topic)}, "hello")`,
    "while True:",
    "    hub.wait_msg()",
  );
  return { id: "micropython", title: "MicroPython", text, needs: "The package umqtt.simple; the board must be in your network already." };
}

function pahoPython({ host, mqtt }: HubAddress, { name, secret, topic, filter }: DeviceKey): Snippet | null {
  if (!mqtt) return null;
  const text = lines(
    "import paho.mqtt.client as mqtt",
    "",
    "def on_connect(hub, userdata, flags, reason, properties):",
    '    print("connected:", reason)',
    filter === null ? null : `    hub.subscribe(${quote(filter)})`,
    topic === null ? null : `    hub.publish(${quote(topic)}, "hello", qos=1)`,
    "",
    "def on_message(hub, userdata, message):",
    "    print(message.topic, message.payload)",
    "",
    `hub = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=${quote(name)}, protocol=mqtt.MQTTv5)`,
    `hub.username_pw_set(${quote(name)}, ${quote(secret)})`,
    mqtt.tls ? 'hub.tls_set("signalbox.pem")' : null,
    "hub.on_connect = on_connect",
    "hub.on_message = on_message",
    `hub.connect(${quote(bare(host))}, ${mqtt.port})`,
    "hub.loop_forever()",
  );
  const needs = `pip install "paho-mqtt>=2"${mqtt.tls ? `. ${OWN_CERTIFICATE}` : ""}`;
  return { id: "python", title: "Python", text, needs };
}

function mosquitto({ host, mqtt }: HubAddress, { name, secret, topic, filter }: DeviceKey): Snippet | null {
  if (!mqtt) return null;
  const options = [
    `-h ${shellQuote(bare(host))} -p ${mqtt.port}`,
    ...(mqtt.tls ? ["--cafile signalbox.pem"] : []),
    `-u ${shellQuote(name)} -P ${shellQuote(secret)}`,
  ].join(" ");
  const text = lines(
    filter === null ? null : `mosquitto_sub ${options} -i ${shellQuote(name)} -t ${shellQuote(filter)} -v`,
    topic === null ? null : `mosquitto_pub ${options} -t ${shellQuote(topic)} -m hello -q 1`,
  );
  return { id: "mosquitto", title: "mosquitto", text, needs: `The mosquitto clients.${mqtt.tls ? ` ${OWN_CERTIFICATE}` : ""}` };
}

function mqttJs({ host, mqtt }: HubAddress, { name, secret, topic, filter }: DeviceKey): Snippet | null {
  if (!mqtt) return null;
  const url = `mqtt${mqtt.tls ? "s" : ""}://${host}:${mqtt.port}`;
  const text = lines(
    mqtt.tls ? 'import { readFileSync } from "node:fs";' : null,
    'import mqtt from "mqtt";',
    "",
    `const hub = mqtt.connect(${quote(url)}, {`,
    `  clientId: ${quote(name)},`,
    `  username: ${quote(name)},`,
    `  password: ${quote(secret)},`,
    mqtt.tls ? '  ca: readFileSync("signalbox.pem"),' : null,
    "});",
    'hub.on("connect", () => {',
    filter === null ? null : `  hub.subscribe(${quote(filter)});`,
    topic === null ? null : `  hub.publish(${quote(topic)}, "hello", { qos: 1 });`,
    "});",
    'hub.on("message", (topic, payload) => console.log(topic, payload.toString()));',
    'hub.on("error", (error) => console.error(error.message));',
  );
  return { id: "node", title: "Node", text, needs: `npm install mqtt${mqtt.tls ? `. ${OWN_CERTIFICATE}` : ""}` };
}

function browser({ host, http }: HubAddress, { secret, topic, filter }: DeviceKey): Snippet | null {
  if (!http) return null;
  const url = httpUrl(host, http);
  const text = lines(
    `const hub = ${quote(url)};`,
    `const key = ${quote(secret)};`,
    "",
    ...(filter === null
      ? []
      : [
          `const events = new EventSource(\`\${hub}/sse?topic=${encodeURIComponent(filter)}&wrap=1&key=\${key}\`);`,
          "events.onmessage = ({ data }) => console.log(JSON.parse(data));",
          "",
        ]),
    ...(topic === null
      ? []
      : [
          `const socket = new WebSocket(\`\${hub.replace(/^http/, "ws")}/ws/topic/${toPath(topic)}?key=\${key}\`);`,
          'socket.onopen = () => socket.send("hello");',
        ]),
  );
  return { id: "browser", title: "Browser", text, needs: "A page the hub knows: allow where it comes from with --allow-origins." };
}

function curl({ host, http }: HubAddress, { secret, topic, filter }: DeviceKey): Snippet | null {
  if (!http) return null;
  const url = httpUrl(host, http);
  const options = `-H ${shellQuote(`Authorization: Bearer ${secret}`)}${http.tls ? " --cacert signalbox.pem" : ""}`;
  const text = lines(
    filter === null ? null : `curl -N ${shellQuote(`${url}/sse?topic=${encodeURIComponent(filter)}`)} ${options}`,
    topic === null ? null : `curl ${shellQuote(`${url}/publish/${toPath(topic)}`)} ${options} -d hello`,
  );
  return { id: "curl", title: "curl", text, needs: http.tls ? OWN_CERTIFICATE : "Nothing else." };
}

function toPath(topic: string): string {
  return topic.split("/").map(encodeURIComponent).join("/");
}

/** How somebody without a key connects on the hub's own machine: one line for each way in. */
export function firstDeviceSnippets({ host, mqtt, http }: HubAddress): readonly Snippet[] {
  const found: Snippet[] = [];
  if (mqtt && !mqtt.tls) {
    const text = `mosquitto_sub -h ${bare(host)} -p ${mqtt.port} -i my-device -t 'hello/#' -v`;
    found.push({ id: "mosquitto", title: "mosquitto", text, needs: "" });
  }
  if (http && !http.tls) {
    const url = httpUrl(host, http);
    found.push({ id: "wscat", title: "wscat", text: `npx wscat -c ${url.replace(/^http/, "ws")}/ws/topic/hello`, needs: "" });
    found.push({ id: "curl", title: "curl", text: `curl -N '${url}/sse?topic=hello/%23'`, needs: "" });
  }
  if (mqtt && !mqtt.tls) {
    const call = `s.callback(lambda c, u, m: print(m.topic, m.payload), 'hello/#', hostname='${bare(host)}', port=${mqtt.port})`;
    found.push({ id: "python", title: "Python", text: `python3 -c "import paho.mqtt.subscribe as s; ${call}"`, needs: "" });
  }
  return found;
}
