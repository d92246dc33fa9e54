import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import express, { type ErrorRequestHandler, type Router } from "express";
import type { HostCheck } from "../../net/host-names.ts";
import type { ReportFailure } from "../report-failure.ts";
import { API_PATH } from "../rest/routes.ts";
import { ALL_METHODS } from "./allow-only.ts";
import { guardRequest, hostOf } from "./guard.ts";
import { requestFault } from "./request-fault.ts";
import { setSecurityHeaders } from "./security-headers.ts";
import { sendEarlyRefusal, sendRefusal } from "./send-refusal.ts";

export interface AppOptions {
  readonly allowsHost: HostCheck;
  readonly rest: Router;
  readonly health: Router;
  readonly pages: Router;
  readonly reportFailure: ReportFailure;
}

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
    const refused = guardRequest(request, options.allowsHost);
    setSecurityHeaders(response, refused ? null : hostOf(request), nonce);
    if (refused) {
      // Whoever sends such a thing, nothing more of what they send is looked at.
      response.setHeader("Connection", "close");
      sendEarlyRefusal(request, response, refused);
    } else if (request.url === "*") response.writeHead(204, { Allow: ALL_METHODS }).end();
    else app(request, response);
  };
}
