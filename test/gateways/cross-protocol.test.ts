import { examinePair } from "./conformance.ts";
import { FACES } from "./faces.ts";

for (const publishing of FACES)
  for (const reading of FACES) if (publishing.openPublisher && reading.openReader) examinePair(publishing, reading);
