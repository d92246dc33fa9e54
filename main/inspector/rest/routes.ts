import { z } from "zod";
import type { CallName } from "../../contract/calls.ts";
import { DELIVERY_ROUTES } from "./delivery-routes.ts";
import { RESULT_SCHEMAS } from "./result-schemas.ts";

/** Where the REST API lives on the inspector's listener. */
export const API_PATH = "/api/v1";

export type Method = "get" | "post" | "put" | "delete";

interface RouteBase {
  readonly method: Method;
  /** Below API_PATH, as in OpenAPI: `/events/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly status: 200 | 201 | 204;
}

/** A call with an address. Its parameters are those of the path, and the rest of them in the query (get) or in a JSON body. */
export interface CallRoute extends RouteBase {
  readonly call: CallName;
  /** Parameters given where the request says nothing. */
  readonly defaults?: Readonly<Record<string, unknown>>;
  /** Filter fields that may be given as query parameters of their own; they are folded into `filter`. */
  readonly filterFields?: readonly string[];
}

/** What is not one call: answers that are no JSON, or access itself. */
export interface SpecialRoute extends RouteBase {
  readonly special: "body" | "source" | "openapi" | "login" | "login-link";
  /** Needs no token. */
  readonly open?: true;
  readonly request?: z.ZodType;
  /** A schema of JSON, or a media type. */
  readonly answer: z.ZodType | string;
}

export type Route = CallRoute | SpecialRoute;

export const loginRequest = z.strictObject({ token: z.string({ error: "must be text" }).max(1024, { error: "must be a token" }) });
const session = z.object({ token: z.string(), expiresAt: z.int().describe("Epoch ms") });
const loginLink = z.object({ url: z.string().describe("Opens the inspector, once, within ten minutes") });

/** The whole REST API: express's routes and the OpenAPI document are both made from this. */
export const ROUTES: readonly Route[] = [
  {
    method: "get",
    path: "/events",
    call: "events.query",
    summary: "Events by filter: oldest first with `after`, newest first otherwise",
    status: 200,
    defaults: { headers: true },
    filterFields: ["protocol", "source", "topic", "verdict", "state", "direction", "method"],
  },
  {
    method: "get",
    path: "/events/timeline",
    call: "events.timeline",
    summary: "Events per bucket of time",
    status: 200,
    filterFields: ["protocol", "source", "topic", "verdict", "state"],
  },
  { method: "get", path: "/events/{id}", call: "events.get", summary: "One event with everything but its body", status: 200 },
  {
    method: "get",
    path: "/events/{id}/body",
    special: "body",
    summary: "The exact bytes of an event's body, as an attachment; its own media type is in X-Signalbox-Content-Type",
    status: 200,
    answer: "application/octet-stream",
  },
  { method: "post", path: "/publish", call: "events.publish", summary: "Publish an event; answered after its commit", status: 201 },
  { method: "get", path: "/payloads", call: "payloads.list", summary: "Payloads kept by name, to be published again", status: 200 },
  {
    method: "put",
    path: "/payloads/{name}",
    call: "payloads.save",
    summary: "Keep a payload, or change the one of that name",
    status: 200,
  },
  { method: "delete", path: "/payloads/{name}", call: "payloads.remove", summary: "Remove a saved payload", status: 204 },
  { method: "get", path: "/sources", call: "sources.list", summary: "The configured ways in for webhooks", status: 200 },
  { method: "post", path: "/sources", call: "sources.save", summary: "Make a source, or change the one of that name", status: 201 },
  {
    method: "get",
    path: "/sources/{name}",
    special: "source",
    summary: "One source",
    status: 200,
    answer: RESULT_SCHEMAS["sources.save"],
  },
  { method: "put", path: "/sources/{name}", call: "sources.save", summary: "Make or change a source", status: 200 },
  { method: "delete", path: "/sources/{name}", call: "sources.remove", summary: "Remove a source; its events stay", status: 204 },
  {
    method: "post",
    path: "/sources/{name}/secrets",
    call: "sources.addSecret",
    summary: "Give a source one more secret; it is never told again",
    status: 201,
  },
  {
    method: "put",
    path: "/sources/{name}/secrets/{secret}",
    call: "sources.rotateSecret",
    summary: "Put a new secret in place of one, which stays good for a while",
    status: 200,
  },
  { method: "delete", path: "/sources/{name}/secrets/{secret}", call: "sources.removeSecret", summary: "Remove a secret", status: 204 },
  { method: "get", path: "/providers", call: "providers.list", summary: "The providers of webhooks that are known", status: 200 },
  { method: "get", path: "/topics", call: "topics.list", summary: "Topics by name, for completion", status: 200 },
  { method: "get", path: "/topics/tree", call: "topics.tree", summary: "What stands directly below a topic", status: 200 },
  {
    method: "get",
    path: "/topics/history",
    call: "topics.history",
    summary: "The least, greatest and mean value of a topic's numeric field per bucket of time",
    status: 200,
  },
  { method: "post", path: "/topics/nodes", call: "topics.nodes", summary: "These topics as they are now", status: 200 },
  { method: "post", path: "/topics/clear-retained", call: "topics.clearRetained", summary: "Clear a topic's retained event", status: 201 },
  { method: "get", path: "/sessions", call: "sessions.list", summary: "Who is connected, over all protocols", status: 200 },
  {
    method: "delete",
    path: "/sessions/{id}",
    call: "sessions.disconnect",
    summary: "Disconnect a peer; it may come again",
    status: 204,
  },
  { method: "get", path: "/keys", call: "keys.list", summary: "The keys of devices and clients", status: 200 },
  { method: "post", path: "/keys", call: "keys.add", summary: "Make a key; its secret is told once", status: 201 },
  { method: "put", path: "/keys/{name}/enabled", call: "keys.enable", summary: "Switch a key off, or on again", status: 200 },
  { method: "delete", path: "/keys/{name}", call: "keys.revoke", summary: "Revoke a key", status: 204 },
  {
    method: "put",
    path: "/events/{id}/pin",
    call: "events.pin",
    summary: "Pin an event, or no longer: a pinned one is never removed",
    status: 200,
  },
  { method: "get", path: "/bridges", call: "bridges.list", summary: "The bridges to other brokers", status: 200 },
  { method: "put", path: "/bridges/{name}", call: "bridges.save", summary: "Make or change a bridge", status: 200 },
  { method: "delete", path: "/bridges/{name}", call: "bridges.remove", summary: "Remove a bridge", status: 204 },
  { method: "get", path: "/settings", call: "settings.get", summary: "What of the events is kept", status: 200 },
  { method: "put", path: "/settings", call: "settings.save", summary: "Change what is kept; what is left out stays as it is", status: 200 },
  { method: "delete", path: "/settings", call: "settings.reset", summary: "Back to what the settings file says", status: 200 },
  { method: "get", path: "/listeners", call: "listeners.list", summary: "Where peers come in, whether it is on or off", status: 200 },
  {
    method: "put",
    path: "/listeners/{name}",
    call: "listeners.save",
    summary: "Open a listener, move it or close it, at once",
    status: 200,
  },
  { method: "delete", path: "/listeners/{name}", call: "listeners.reset", summary: "Back to what the settings file says", status: 200 },
  { method: "get", path: "/tunnels", call: "tunnels.list", summary: "The tunnels to the internet", status: 200 },
  { method: "put", path: "/tunnels/{name}", call: "tunnels.save", summary: "Make or change a tunnel", status: 200 },
  { method: "delete", path: "/tunnels/{name}", call: "tunnels.remove", summary: "Close a tunnel and forget it", status: 204 },
  {
    method: "post",
    path: "/tunnels/{name}/open",
    call: "tunnels.open",
    summary: "Open a tunnel; answers at once, with the state it is in by then",
    status: 200,
  },
  { method: "post", path: "/tunnels/{name}/close", call: "tunnels.close", summary: "Close a tunnel", status: 200 },
  { method: "post", path: "/tunnels/{name}/test", call: "tunnels.test", summary: "Try a tunnel through its public URL", status: 200 },
  ...DELIVERY_ROUTES,
  { method: "get", path: "/tls", call: "tls.get", summary: "The certificate of the listeners with TLS", status: 200 },
  { method: "post", path: "/tls/renew", call: "tls.renew", summary: "Make the certificate anew, or read an own one again", status: 200 },
  { method: "get", path: "/status", call: "hub.status", summary: "How the hub is", status: 200 },
  { method: "get", path: "/openapi.json", special: "openapi", summary: "This document", status: 200, answer: z.looseObject({}) },
  {
    method: "post",
    path: "/login",
    special: "login",
    open: true,
    summary: "Exchange a login link's one-time token, or the master token, for a session token",
    status: 200,
    request: loginRequest,
    answer: session,
  },
  { method: "post", path: "/login-links", special: "login-link", summary: "Make a one-time login link", status: 201, answer: loginLink },
];
