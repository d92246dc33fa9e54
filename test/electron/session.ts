import { EventEmitter } from "node:events";
import type { Foreign } from "./foreign.ts";
import { protocol } from "./protocol.ts";

type Listener = (details: object, callback: (answer: Foreign) => void) => void;
interface Filtered {
  readonly matches: (url: string) => boolean;
  readonly listener: Listener;
}

class WebRequest {
  #before: Filtered | null = null;
  #headers: Filtered | null = null;
  onBeforeRequest = (...args: Foreign[]): void => void (this.#before = toFiltered(args));
  onHeadersReceived = (...args: Foreign[]): void => void (this.#headers = toFiltered(args));

  /** What the app wants done with a request; {} when it has not asked to know. */
  askBefore = (details: { url: string }): Promise<Foreign> => ask(this.#before, details);
  askHeaders = (details: { url: string }): Promise<Foreign> => ask(this.#headers, details);
}

function toFiltered(args: Foreign[]): Filtered | null {
  const listener = args.at(-1) as Listener | null;
  const patterns: string[] = args.length > 1 ? args[0].urls : ["<all_urls>"];
  const expressions = patterns.map((pattern) =>
    pattern === "<all_urls>" ? /^/ : new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`),
  );
  return listener && { listener, matches: (url) => expressions.some((expression) => expression.test(url)) };
}

async function ask(filtered: Filtered | null, details: { url: string }): Promise<Foreign> {
  if (!filtered?.matches(details.url)) return {};
  return new Promise((resolve) => filtered.listener(details, resolve));
}

export type PermissionHandler = (contents: unknown, permission: string, decide: (granted: boolean) => void) => void;

class Session extends EventEmitter {
  readonly webRequest = new WebRequest();
  readonly protocol = protocol;
  permissionRequestHandler: PermissionHandler | null = null;
  permissionCheckHandler: ((contents: unknown, permission: string, origin: string) => boolean) | null = null;
  setPermissionRequestHandler = (handler: PermissionHandler | null): void => void (this.permissionRequestHandler = handler);
  setPermissionCheckHandler = (handler: Session["permissionCheckHandler"]): void => void (this.permissionCheckHandler = handler);
  setDevicePermissionHandler(): void {}
  getPreloadScripts = (): readonly unknown[] => [];
}

export const defaultSession = new Session();
export const session = { defaultSession, fromPartition: (): Session => defaultSession };
