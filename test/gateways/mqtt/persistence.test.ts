import { test, type TestContext } from "node:test";
import abstractPersistence from "aedes-persistence/abstract.js";
import { createPersistence } from "../../../main/gateways/mqtt/persistence.ts";
import { createMemoryState } from "../../support/memory-state.ts";

/** aedes-persistence's own exam, as it is. */
abstractPersistence({
  test: (title: string, body: (t: TestContext) => Promise<void>) => test(`the MQTT persistence passes aedes' exam: ${title}`, body),
  persistence: () => createPersistence(createMemoryState()),
  testAsync: true,
});
