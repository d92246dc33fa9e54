import { refuse, type Result } from "../contract/errors.ts";
import type { TunnelChange, TunnelHealth, TunnelInfo, TunnelList } from "../contract/tunnel.ts";

/** The tunnels to the internet. */
export interface TunnelDirectory {
  list(): Promise<TunnelList>;
  /** The same without a look at which providers can be used. */
  infos(): readonly TunnelInfo[];
  /** Makes a tunnel, or changes the one of that name, which is opened anew where it is wanted open. Durable when it resolves. Refuses PARAMS_INVALID. */
  save(change: TunnelChange): Promise<Result<TunnelInfo>>;
  /** Closes it first. Refuses TUNNEL_NOT_FOUND. */
  remove(name: string): Promise<Result<void>>;
  /** It is then wanted open, also after a restart; one that waits to try again does so now. Refuses TUNNEL_NOT_FOUND. */
  open(name: string): Promise<Result<TunnelInfo>>;
  /** Resolves when nothing comes by it any more. Refuses TUNNEL_NOT_FOUND. */
  close(name: string): Promise<Result<TunnelInfo>>;
  /** Tries it through its public URL, now. Refuses TUNNEL_NOT_FOUND, TUNNEL_NOT_OPEN. */
  test(name: string): Promise<Result<TunnelHealth>>;
  /** Something of `infos` has changed. Answers how to stop. */
  onChange(listener: () => void): () => void;
  /** Where a source, which must be public, is reached from the internet now: by each open tunnel, in order of name. */
  publicUrls(source: string): readonly string[];
}

const NOT_NOW = refuse("HUB_STOPPING", "Tunnels cannot be changed while the hub starts or stops. Try again in a moment.");

export const NO_TUNNELS: TunnelDirectory = {
  list: async () => ({ tunnels: [], unavailable: [] }),
  infos: () => [],
  save: async () => NOT_NOW,
  remove: async () => NOT_NOW,
  open: async () => NOT_NOW,
  close: async () => NOT_NOW,
  test: async () => NOT_NOW,
  onChange: () => () => undefined,
  publicUrls: () => [],
};
