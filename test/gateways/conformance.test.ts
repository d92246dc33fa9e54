import { examine } from "./conformance.ts";
import { FACES } from "./faces.ts";
import { mqttOverTcp, mqttOverWebSocket } from "./mqtt-face.ts";

for (const face of [...FACES, mqttOverTcp, mqttOverWebSocket]) examine(face);
