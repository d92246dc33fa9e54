import type { TestContext } from "node:test";
import type { EventPage } from "../../main/contract/calls.ts";
import type { TunnelChange, TunnelInfo } from "../../main/contract/tunnel.ts";
import { eventually } from "./eventually.ts";
import { startHub, type StartHubOptions, type TestHub } from "./run-signalbox.ts";
import type { Sshd } from "./sshd.ts";

export interface TunnelHub extends TestHub {
  /** One request to the REST API; throws unless it is answered with success. */
  api<T>(method: string, path: string, body?: unknown): Promise<T>;
  tunnel(name?: string): Promise<TunnelInfo>;
  /** Waits until the tunnel is as wanted. */
  until(what: string, is: (tunnel: TunnelInfo) => boolean, name?: string): Promise<TunnelInfo>;
  /** Saves a tunnel, opens it, and waits until it is open and tried. */
  openTunnel(change: Omit<TunnelChange, "name">): Promise<TunnelInfo>;
  events(query: string): Promise<EventPage>;
}

/** The real program with the calls that tests of tunnels make; stopped after the test. */
export async function startTunnelHub(t: TestContext, options: StartHubOptions = {}): Promise<TunnelHub> {
  const hub = await startHub(options);
  t.after(() => hub.stop());
  const api = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${hub.inspector}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${hub.token}`, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === "" ? null : JSON.parse(text)) as T;
  };
  const tunnel = async (name = "main"): Promise<TunnelInfo> => {
    const { tunnels } = await api<{ tunnels: TunnelInfo[] }>("GET", "/tunnels");
    return tunnels.find((one) => one.name === name)!;
  };
  const until: TunnelHub["until"] = (what, is, name = "main") =>
    eventually(what, async () => {
      const one = await tunnel(name);
      return is(one) ? one : null;
    });
  return {
    ...hub,
    api,
    tunnel,
    until,
    async openTunnel(change) {
      await api("PUT", "/tunnels/main", change);
      await api("POST", "/tunnels/main/open");
      return until("the tunnel is open and tried", ({ state, health }) => state === "open" && health !== null);
    },
    events: (query) => api<EventPage>("GET", `/events?${query}`),
  };
}

/** How a tunnel is opened to a test's own sshd. */
export function toSshd(sshd: Sshd, change: Readonly<Record<string, string>> = {}): TunnelChange["providers"] {
  const settings = { host: "root@127.0.0.1", port: String(sshd.port), key: sshd.key, "host-key": sshd.hostKey };
  return [{ provider: "ssh", settings: { ...settings, ...change } }];
}
