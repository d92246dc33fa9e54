/** aedes-persistence ships its exam without types. */
declare module "aedes-persistence/abstract.js" {
  import type { TestContext } from "node:test";
  interface Exam {
    readonly test: (title: string, body: (t: TestContext) => Promise<void>) => void;
    readonly persistence: () => unknown;
    readonly testAsync: boolean;
  }
  const abstractPersistence: (exam: Exam) => void;
  export = abstractPersistence;
}
