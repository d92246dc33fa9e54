import { ERRORS, RefusalError, type ErrorCode } from "../contract/errors.ts";
import { connectInspector, type InspectorClient } from "../contract/inspector.ts";
import { LINK_PATH } from "../contract/link.ts";
import type { Config } from "../config/config.ts";
import { loadConfig } from "../config/load-config.ts";
import { flagText, UsageError, type CommandInput, type OptionSpecs } from "./command.ts";
import { findHub, unreachable, type HubAddress } from "./find-hub.ts";
import type { CliIo } from "./io.ts";
import { openWebSocketLink } from "./websocket-link.ts";

const POST_TIMEOUT_MS = 60_000;

/** How a command is told which hub it is for. */
export const HUB_OPTIONS: OptionSpecs = {
  data: { type: "string", value: "FOLDER", help: "the running hub's data folder [as for serve]" },
  config: { type: "string", value: "FILE", help: "the settings file that names it" },
  inspector: { type: "string", value: "URL", help: "the hub's inspector address, instead of looking in the folder" },
  token: { type: "string", value: "TOKEN", help: "its token [SIGNALBOX_TOKEN, or FOLDER/token]" },
};

export interface LocatedHub extends HubAddress {
  readonly dataFolder: string;
}

/** The settings that say which hub it is. Throws RefusalError CONFIG_INVALID. */
export function readHubConfig(input: CommandInput, io: CliIo): Config {
  const { data, config: file } = input.flags;
  const loaded = loadConfig({ flags: { data, config: file }, env: io.env, cwd: process.cwd() });
  if (!loaded.ok) throw new RefusalError(loaded.refusal);
  return loaded.value.config;
}

/** Settings, data folder, flags → where the hub is. Throws RefusalError when there is none. */
export async function locateHub(input: CommandInput, io: CliIo): Promise<LocatedHub> {
  const { dataFolder, token } = readHubConfig(input, io);
  const inspector = flagText(input, "inspector");
  if (inspector !== undefined && !/^https?:\/\/[^/]/.test(inspector)) {
    throw new UsageError(`--inspector takes an address like http://127.0.0.1:4801, not "${inspector}".`, null);
  }
  const hub = await findHub({ dataFolder, inspector, token: flagText(input, "token") ?? token ?? undefined });
  return { ...hub, dataFolder };
}

/** A new connection at each call, to wherever the hub is by then. */
export function createConnector(input: CommandInput, io: CliIo): () => Promise<InspectorClient> {
  return async () => {
    const { inspector, token, dataFolder } = await locateHub(input, io);
    const link = openWebSocketLink(`${inspector.replace(/^http/, "ws")}${LINK_PATH}`);
    return connectInspector(link, { token }).catch((error: unknown) => {
      throw error instanceof RefusalError && error.code === "HUB_UNREACHABLE"
        ? unreachable(`The hub at ${inspector} does not answer: ${error.message}`, dataFolder)
        : error;
    });
  };
}

/** Connects, does `work`, and hangs up. */
export async function withHub<T>(input: CommandInput, io: CliIo, work: (client: InspectorClient) => Promise<T>): Promise<T> {
  const client = await createConnector(input, io)();
  try {
    return await work(client);
  } finally {
    client.close();
  }
}

/** Posts JSON to the REST API; `path` is below /api/v1. Gives the JSON of its answer; throws RefusalError with what the hub refuses. */
export async function postToHub(hub: LocatedHub, path: string, body: object): Promise<unknown> {
  const { inspector, token, dataFolder } = hub;
  const response = await fetch(`${inspector}/api/v1${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(POST_TIMEOUT_MS),
    redirect: "error",
  }).catch((error: unknown) => {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : (error as Error);
    throw unreachable(`The hub at ${inspector} does not answer: ${cause.message}.`, dataFolder);
  });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer;
  const refused = (answer as { error?: { code?: string; message?: string } } | null)?.error;
  const message = refused?.message ?? `The hub at ${inspector} answered ${response.status}.`;
  throw new RefusalError({ code: toCode(refused?.code), message });
}

/** A code this catalogue does not know comes from another version's. */
function toCode(code: string | undefined): ErrorCode {
  return code !== undefined && Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : "INTERNAL";
}
