import type { FeedOpener } from "./feed.ts";

/** What is counted, and which sources are public, is looked at so often; everything else is told when it changes. */
const PERIOD_MS = 2000;

/** All tunnels as they are, whenever one of them has changed. A slow reader gets fewer, never old ones. */
export const openTunnelsFeed: FeedOpener<"tunnels"> = (_params, channel, { hub, clock }) => {
  let told = "";
  let cancel = (): void => {};

  const say = (): void => {
    if (!channel.hasRoom()) return;
    const tunnels = hub.tunnels.infos();
    const now = JSON.stringify(tunnels);
    if (now === told) return;
    told = now;
    channel.items([{ tunnels }]);
  };
  const tick = (): void => {
    say();
    cancel = clock.after(PERIOD_MS, tick);
  };

  channel.opened(hub.log.status().lastSeq);
  tick();
  const stop = hub.tunnels.onChange(say);
  return {
    onRoom: say,
    close() {
      stop();
      cancel();
    },
  };
};
