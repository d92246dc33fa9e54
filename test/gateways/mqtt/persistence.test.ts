import { test, type TestContext } from "node:test";
import abstractPersistence from "aedes-persistence/abstract.js";
import { createPersistence } from "../../../main/gateways/mqtt/persistence.ts";
import type { StateStore } from "../../../main/hub/ports.ts";
import { createMemoryState } from "../../support/memory-state.ts";
import { testStores } from "../../support/test-store.ts";

const WAYS: Readonly<Record<string, (t: TestContext) => Promise<StateStore>>> = {
  "in memory": () => Promise.resolve(createMemoryState()),
  "on SQLite": async (t) => (await testStores(t).open()).state,
};

/** aedes-persistence's own exam, as it is. Its tests run one after the other and ask for a persistence without saying who asks. */
for (const [way, openState] of Object.entries(WAYS)) {
  let asking: TestContext;
  abstractPersistence({
    test: (title: string, body: (t: TestContext) => Promise<void>) =>
      test(`the MQTT persistence ${way} passes aedes' exam: ${title}`, (t) => {
        asking = t;
        return body(t);
      }),
    persistence: async () => createPersistence(await openState(asking)),
    testAsync: true,
  });
}
