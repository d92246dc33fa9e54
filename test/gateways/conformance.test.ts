import { examine } from "./conformance.ts";
import { FACES } from "./faces.ts";

for (const face of FACES) examine(face);
