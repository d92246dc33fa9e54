import { WebSocketServer } from "ws";
import { encodeFrame } from "../contract/codec.ts";
import type { Refusal } from "../contract/errors.ts";
import { LINK_PATH, type Link } from "../contract/link.ts";
import type { Hub } from "../hub/hub.ts";
import type { KeyDirectory } from "../hub/ports.ts";
import { createHostCheck } from "../net/host-names.ts";
import type { Clock } from "../platform/clock.ts";
import type { Logger } from "../platform/log.ts";
import { createByteBudget } from "../platform/byte-budget.ts";
import { createLoginTokens } from "./access/login-tokens.ts";
import { createTokens } from "./access/tokens.ts";
import { MAX_ALL_ANSWER_BYTES } from "./answer-bytes.ts";
import { createCallHandlers } from "./call-handlers.ts";
import { createApp } from "./http/app.ts";
import { guardRequest } from "./http/guard.ts";
import { createHealth } from "./http/health.ts";
import { createHttpListener } from "./http/listener.ts";
import { createLogin } from "./http/login.ts";
import { createPages } from "./http/pages.ts";
import { sendRawRefusal } from "./http/send-refusal.ts";
import { openWebSocketLink } from "./links/web-socket-link.ts";
import { createMetrics } from "./metrics.ts";
import { createFailureReporter } from "./report-failure.ts";
import { createRestRouter } from "./rest/rest-router.ts";
import { createRunCall } from "./run-call.ts";
import { serveLink, type LinkSession, type Trust } from "./serve-link.ts";

const MAX_LINKS = 64;
/** For an answer on its way, before the link that waits for it is closed. */
const LAST_ANSWER_MS = 500;
const MAX_FRAME_BYTES = 2 * 1024 * 1024;

export interface InspectorOptions {
  readonly hub: Hub;
  /** Those of devices and clients. */
  readonly keys: KeyDirectory;
  /** The master token. */
  readonly token: string;
  /** Host names beside the listener's own addresses: `name` or `name:port`. */
  readonly allowHosts: readonly string[];
  /** Where the built renderer is; it may not be there yet. */
  readonly rendererFolder: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface InspectorListener {
  readonly url: string;
  /** Open now. */
  connections(): number;
  /** Frees the port at once, and says goodbye to the links that came by it. */
  close(): Promise<void>;
}

/** The hub's face to those who look at it: the contract over links, REST, pages, health and figures. */
export interface Inspector {
  /** Port 0: any free one. Without it, there are attached links only. Throws a RefusalError: PORT_BUSY, LISTEN_REFUSED. */
  listen(address: { readonly host: string; readonly port: number }): Promise<InspectorListener>;
  /** Says goodbye to every link and frees what it listens on. */
  stop(): Promise<void>;
  /** Serves a link that came by another way than the listener. */
  attach(link: Link, trust: Trust): void;
  /** A URL that opens the inspector logged in, once, within ten minutes. Only while it listens. */
  createLoginLink(): string;
}

export function createInspector(options: InspectorOptions): Inspector {
  const { hub, clock, logger } = options;
  const reportFailure = createFailureReporter(logger);
  const runCall = createRunCall(createCallHandlers(hub, options.keys), reportFailure);
  const tokens = createTokens(options.token, () => clock.now());
  const loginTokens = createLoginTokens(() => clock.now());
  const answers = createByteBudget(MAX_ALL_ANSWER_BYTES);
  const context = { hub, clock, reportFailure, runCall, accepts: tokens.accepts, answers };
  const sessions = new Map<Link, LinkSession>();
  let stopping = false;
  /** The newest last. */
  const listeners: InspectorListener[] = [];

  const attach = (link: Link, trust: Trust): void => {
    const refused = attachFault();
    if (refused) {
      link.send(encodeFrame({ t: "goodbye", error: refused }));
      return link.close(1013, refused.code);
    }
    // It may be gone before it is served: what waited on it may have been a bad frame.
    let gone = false;
    link.onClose(() => {
      gone = true;
      sessions.delete(link);
    });
    const session = serveLink(link, trust, context);
    if (!gone) sessions.set(link, session);
  };
  const attachFault = (): Refusal | null => {
    if (stopping) return { code: "HUB_STOPPING", message: "The hub is stopping. Connect again when it is back." };
    if (sessions.size < MAX_LINKS) return null;
    const refusal: Refusal = { code: "TOO_MANY_CONNECTIONS", message: `${MAX_LINKS} inspectors are connected. Close one of them.` };
    // Whoever has not shown a token must not keep out those who have one: of them the oldest goes, who says hello gets in.
    const stranger = [...sessions.values()].find((session) => session.isStranger());
    stranger?.refuse(refusal);
    return stranger ? null : refusal;
  };

  const createLoginLink = (): string => {
    const newest = listeners.at(-1);
    if (!newest) throw new Error("The inspector does not listen, so there is nothing to link to.");
    return `${newest.url}/#login=${loginTokens.create()}`;
  };
  const allowsHost = createHostCheck(options.allowHosts);
  const metrics = createMetrics(hub, () => sessions.size);
  const app = createApp({
    allowsHost,
    rest: createRestRouter({
      hub,
      runCall,
      accepts: tokens.accepts,
      login: createLogin(tokens, loginTokens, () => clock.monotonic()),
      createLoginLink,
      answers,
    }),
    health: createHealth(hub, metrics, tokens.accepts),
    pages: createPages(options.rendererFolder),
    reportFailure,
  });

  const webSockets = new WebSocketServer({ noServer: true, clientTracking: false, perMessageDeflate: false, maxPayload: MAX_FRAME_BYTES });
  webSockets.on("wsClientError", (error, socket) => {
    sendRawRefusal(socket, { code: "REQUEST_MALFORMED", message: `This is no WebSocket handshake: ${error.message}.` });
  });

  const listen: Inspector["listen"] = async (address) => {
    const links = new Set<Link>();
    const http = createHttpListener({
      handleRequest: app,
      handleUpgrade(request, socket, head) {
        const refused = guardRequest(request, allowsHost);
        if (refused) return sendRawRefusal(socket, refused);
        if (request.url?.split("?", 1)[0] !== LINK_PATH)
          return sendRawRefusal(socket, { code: "NOT_FOUND", message: `WebSockets are taken at ${LINK_PATH} only.` });
        webSockets.handleUpgrade(request, socket, head, (webSocket) => {
          const link = openWebSocketLink(webSocket, clock);
          links.add(link);
          webSocket.once("close", () => links.delete(link));
          attach(link, "token");
        });
      },
      handleError: (error) => logger.error("The inspector's listener has trouble.", { error }),
    });
    const { url } = await http.listen(address);
    const listener: InspectorListener = {
      url,
      connections: () => http.connections(),
      async close() {
        const index = listeners.indexOf(listener);
        if (index >= 0) listeners.splice(index, 1);
        const moved = listeners.at(-1)?.url ?? "another address";
        const refusal: Refusal = { code: "HUB_STOPPING", message: `The inspector listens here no more. Connect to ${moved} instead.` };
        const closed = http.close();
        // One of them may have asked for it, and is to have its answer first.
        clock.after(LAST_ANSWER_MS, () => links.forEach((link) => sessions.get(link)?.refuse(refusal)));
        await closed;
      },
    };
    listeners.push(listener);
    return listener;
  };

  return {
    attach,
    createLoginLink,
    listen,
    async stop() {
      stopping = true;
      for (const session of sessions.values())
        session.refuse({ code: "HUB_STOPPING", message: "The hub is stopping. Connect again when it is back." });
      await Promise.all([...listeners].map((listener) => listener.close()));
      metrics.close();
    },
  };
}
