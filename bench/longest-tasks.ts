import type { Browser, Page } from "playwright";

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of the processor's time. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

export interface LongestTasks {
  /** The most processor time that one task of the page's main thread took; waiting for a processor others use is not in it. */
  readonly longestCpuMs: number;
}

/** Watches the page's main thread until the returned function is called. */
export async function watchTasks(browser: Browser, page: Page): Promise<() => Promise<LongestTasks>> {
  await browser.startTracing(page, { categories: ["toplevel"] });
  return async () => {
    const { traceEvents } = JSON.parse((await browser.stopTracing()).toString("utf8")) as { traceEvents: readonly TraceEvent[] };
    const mains = new Set(
      traceEvents
        .filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain")
        .map(({ pid, tid }) => `${pid} ${tid}`),
    );
    const tasks = traceEvents.filter(({ ph, pid, tid }) => ph === "X" && mains.has(`${pid} ${tid}`));
    // One by one: there are too many to be arguments.
    return { longestCpuMs: tasks.reduce((longest, { tdur = 0 }) => Math.max(longest, tdur), 0) / 1000 };
  };
}
