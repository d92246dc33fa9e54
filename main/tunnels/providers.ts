import type { TunnelProviderId } from "../contract/tunnel-provider.ts";
import { cloudflared } from "./providers/cloudflared.ts";
import { localhostRun } from "./providers/localhost-run.ts";
import { localtunnel } from "./providers/localtunnel.ts";
import { ngrok } from "./providers/ngrok.ts";
import { pinggy } from "./providers/pinggy.ts";
import { serveo } from "./providers/serveo.ts";
import { sish } from "./providers/sish.ts";
import { smee } from "./providers/smee.ts";
import { ssh } from "./providers/ssh.ts";
import type { TunnelProvider } from "./tunnel.ts";

export type TunnelProviders = Readonly<Record<TunnelProviderId, TunnelProvider>>;

export const PROVIDERS: TunnelProviders = {
  ssh,
  "localhost.run": localhostRun,
  serveo,
  pinggy,
  sish,
  cloudflared,
  ngrok,
  localtunnel,
  smee,
};
