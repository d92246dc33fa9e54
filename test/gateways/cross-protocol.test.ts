import { examinePair } from "./conformance.ts";
import { FACES } from "./faces.ts";
import { mqttOverTcp, mqttOverWebSocket } from "./mqtt-face.ts";

const ALL = [...FACES, mqttOverTcp, mqttOverWebSocket];

for (const publishing of ALL)
  for (const reading of ALL) if (publishing.openPublisher && reading.openReader) examinePair(publishing, reading);
