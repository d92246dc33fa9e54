import { examinePair } from "./conformance.ts";
import { FACES } from "./faces.ts";
import { mqttFace } from "./mqtt-face.ts";

const ALL = [...FACES, mqttFace];

for (const publishing of ALL)
  for (const reading of ALL) if (publishing.openPublisher && reading.openReader) examinePair(publishing, reading);
