import { MessageChannel } from "node:worker_threads";
import { LINK_PATH, type Link } from "../../main/contract/link.ts";
import { openWebSocketLink as openClientLink } from "../../main/cli/websocket-link.ts";
import { openMessagePortLink } from "../../main/inspector/links/message-port-link.ts";
import { createLinkPair } from "../support/link-pair.ts";
import { startTestInspector } from "../support/test-inspector.ts";
import { examineLink } from "./link-exam.ts";

examineLink("in memory", {
  trust: "trusted",
  start: async (t) => {
    const hub = await startTestInspector(t);
    const connect = (): Link => {
      const [near, far] = createLinkPair();
      hub.inspector.attach(far, "trusted");
      return near;
    };
    return { hub, connect };
  },
});

examineLink("MessagePort", {
  trust: "trusted",
  start: async (t) => {
    const hub = await startTestInspector(t);
    const connect = (): Link => {
      const { port1, port2 } = new MessageChannel();
      t.after(() => port1.close());
      hub.inspector.attach(openMessagePortLink(port2), "trusted");
      return openMessagePortLink(port1);
    };
    return { hub, connect };
  },
});

examineLink("WebSocket", {
  trust: "token",
  start: async (t) => {
    const hub = await startTestInspector(t);
    return { hub, connect: () => openClientLink(`${hub.url.replace("http", "ws")}${LINK_PATH}`) };
  },
});
