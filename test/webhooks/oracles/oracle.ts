import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { HeaderList } from "../../../main/contract/event.ts";
import type { WebhookRequest } from "../../../main/webhooks/provider.ts";
import { findHeader } from "../../../main/webhooks/read-header.ts";
import type { SeededRandom } from "../../support/seeded-random.ts";
import type { Mutation } from "./mutations.ts";

/** A vendor's own code, and requests to ask it about. */
export interface Oracle {
  /** The provider's id here. */
  readonly provider: string;
  /** Whose code it is, with its version. */
  readonly sdk: string;
  /** The header with the signature. */
  readonly header: string;
  /** The header with the time, and how much one more of its last digit is. */
  readonly time?: { readonly header: string; readonly unitMs: 1 | 1000 };
  /** Several signatures may stand in the header, parted so. */
  readonly separator?: string;
  readonly prefix: string;
  /** Whose URL is signed. */
  readonly signsUrl?: true;
  readonly toleranceMs?: number;
  secret(random: SeededRandom): string;
  /** Where there is one key: another that is none of the request's. */
  readonly otherSecret?: string;
  /** A request of this provider that is not signed yet. */
  request(random: SeededRandom, now: number): WebhookRequest;
  /** Where the secret cannot sign: signs with the key that belongs to it. */
  sign?(request: WebhookRequest, now: number): WebhookRequest;
  /** Where the vendor's code is known to answer otherwise, and why. Each must be met in the test, or it is no difference any more. */
  readonly differences: Readonly<Partial<Record<Mutation, { readonly onlyAcceptedBy: "vendor" | "signalbox"; readonly why: string }>>>;
  open(): Promise<Judge>;
}

/** Whether the vendor's code takes a request for genuine. The clock is at `now`. */
export type Judge = (request: WebhookRequest, secret: string, now: number) => boolean | Promise<boolean>;

const FOLDER = resolve("node_modules/.oracles");

/** Why the vendors' code cannot be asked; null when it is there. */
export const ORACLES_MISSING = existsSync(join(FOLDER, "node_modules"))
  ? null
  : "the webhook providers' own code is not installed: run node scripts/setup.mjs --for-tests";

const require = createRequire(join(FOLDER, "package.json"));

/** A vendor's CommonJS module. What it is like says the caller: the packages are no dependencies of the project, and its types not there. */
export function load(specifier: string): unknown {
  return require(specifier);
}

/** A file of a package that does not let it be asked for by name. */
export function loadFile(path: string): unknown {
  return require(join(FOLDER, "node_modules", path));
}

export async function loadModule(path: string): Promise<unknown> {
  return import(pathToFileURL(join(FOLDER, "node_modules", path)).href) as Promise<unknown>;
}

export const textOf = ({ body }: WebhookRequest): string => Buffer.from(body).toString();
export const headerOf = ({ headers }: WebhookRequest, name: string): string => findHeader(headers, name) ?? "";
export const toRecord = (headers: HeaderList): Record<string, string> =>
  Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));

/** True unless it throws: many vendors' code says no by throwing. */
export function passes(ask: () => unknown): boolean {
  try {
    ask();
    return true;
  } catch {
    return false;
  }
}

export function withHeaders(request: WebhookRequest, ...set: readonly (readonly [string, string])[]): WebhookRequest {
  const names = new Set(set.map(([name]) => name.toLowerCase()));
  return { ...request, headers: [...request.headers.filter(([name]) => !names.has(name.toLowerCase())), ...set] };
}

export async function resolves(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch {
    return false;
  }
}
