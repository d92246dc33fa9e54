import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import express, { type ErrorRequestHandler, type Router } from "express";
import type { ReportFailure } from "../report-failure.ts";
import { requestFault } from "../rest/read-json.ts";
import { API_PATH } from "../rest/routes.ts";
import { guardRequest, type GuardOptions } from "./guard.ts";
import { setSecurityHeaders } from "./security-headers.ts";
import { sendRefusal } from "./send-refusal.ts";

export interface AppOptions {
  readonly guard: (request: IncomingMessage) => GuardOptions;
  readonly rest: Router;
  readonly health: Router;
  readonly pages: Router;
  readonly reportFailure: ReportFailure;
}

/** What the server as a whole can do (RFC 9110 §9.3.7). */
const ALL_METHODS = "GET, HEAD, POST, PUT, DELETE, OPTIONS";

/** The guard, then express: nothing of express sees a request that a foreign page could have made. */
export function createApp(options: AppOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("query parser", false);
  app.use((_request, response, next) => {
    response.locals["nonce"] = nonces.get(response);
    next();
  });
  app.use(options.health);
  app.use(API_PATH, options.rest);
  app.use(options.pages);
  app.use((request, response) => {
    sendRefusal(response, {
      code: "NOT_FOUND",
      message: `There is nothing at ${request.path.slice(0, 200)}. The API is described at ${API_PATH}/openapi.json.`,
    });
  });
  const handleError: ErrorRequestHandler = (error: unknown, request, response, _next) => {
    sendRefusal(response, requestFault(error) ?? options.reportFailure(`${request.method} ${request.path}`, error));
  };
  app.use(handleError);
  const nonces = new WeakMap<object, string>();

  return (request, response) => {
    const nonce = randomBytes(16).toString("base64");
    nonces.set(response, nonce);
    const refused = guardRequest(request, options.guard(request));
    setSecurityHeaders(response, refused ? null : (request.headers.host ?? null), nonce);
    if (refused) {
      // Whoever sends such a thing, nothing more of what they send is looked at.
      response.setHeader("Connection", "close");
      sendRefusal(response, refused);
    } else if (request.url === "*") response.writeHead(204, { Allow: ALL_METHODS }).end();
    else app(request, response);
  };
}
