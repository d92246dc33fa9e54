import { Router, type Request, type RequestHandler, type Response } from "express";
import { accept, type Result } from "../../contract/errors.ts";
import type { Hub } from "../../hub/hub.ts";
import { createByteBudget, type ByteBudget } from "../../platform/byte-budget.ts";
import { answerBytes } from "../answer-bytes.ts";
import { allowOnly } from "../http/allow-only.ts";
import { bearerFault } from "../http/bearer.ts";
import type { Login } from "../http/login.ts";
import { sendEarlyRefusal, sendRefusal } from "../http/send-refusal.ts";
import { parseCallParams } from "../parse-params.ts";
import type { RunCall } from "../run-call.ts";
import { createOpenApi } from "./openapi.ts";
import { MAX_RECEIVING_BYTES, readJson } from "./read-json.ts";
import { createReadParams } from "./read-params.ts";
import { ROUTES, type CallRoute, type Route, type SpecialRoute } from "./routes.ts";
import { sendBody } from "./send-body.ts";

const MAX_JSON_BYTES = 256 * 1024;
const MAX_LOGIN_BYTES = 4096;

export interface RestOptions {
  readonly hub: Hub;
  readonly runCall: RunCall;
  readonly accepts: (token: string) => boolean;
  readonly login: Login;
  readonly createLoginLink: () => string;
  /** For all answers that are being made or wait to be read. */
  readonly answers: ByteBudget;
}

type Answer = Result<unknown>;
/** Null when the handler has answered itself. */
type Handler = (request: Request, response: Response) => Promise<Answer | null>;

/** Express's routes, made from the table. Each is a call with another spelling. */
export function createRestRouter(options: RestOptions): Router {
  const { hub, accepts } = options;
  const router = Router();
  const specials = createSpecials(options);
  const receiving = createByteBudget(MAX_RECEIVING_BYTES);

  const checkToken: RequestHandler = (request, response, next) => {
    const refused = bearerFault(request, accepts);
    if (refused) sendEarlyRefusal(request, response, refused);
    else next();
  };
  router.use((_request, response, next) => {
    response.set("Cache-Control", "no-store");
    next();
  });
  for (const route of ROUTES) {
    const handler = "call" in route ? callHandler(route, options.runCall) : specials[route.special];
    const before = "open" in route ? [] : [checkToken];
    router[route.method](
      toExpressPath(route.path),
      ...before,
      readJson(bodyLimit(route, hub), receiving),
      answer(route, handler, options.answers),
    );
  }
  // From here on: what has no route. Strangers are not told what there is.
  router.use(checkToken);
  for (const path of new Set(ROUTES.map((route) => route.path))) {
    const methods = ROUTES.filter((route) => route.path === path).map((route) => route.method.toUpperCase());
    router.all(toExpressPath(path), allowOnly(methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method]))));
  }
  return router;
}

function answer(route: Route, handler: Handler, answers: ByteBudget): RequestHandler {
  const isBounded = "call" in route || route.special === "body";
  return async (request, response) => {
    // Requests come as fast as they can be written, many on one connection: their answers wait for their turn.
    const share = isBounded ? await answers.take(answerBytes("call" in route ? route.call : route.special)) : null;
    if (response.destroyed) return share?.release();
    response.once("close", () => share?.release());
    const outcome = await handler(request, response);
    if (outcome === null) return;
    if (!outcome.ok) return sendRefusal(response, outcome.refusal, retryAfter(outcome.refusal.details));
    response.status(route.status);
    if (route.status === 204) return void response.end();
    const text = JSON.stringify(outcome.value);
    share?.shrinkTo(text.length);
    response.set("Content-Type", "application/json; charset=utf-8").send(text);
  };
}

function callHandler(route: CallRoute, runCall: RunCall): Handler {
  const readParams = createReadParams(route);
  return async (request) => {
    const query = new URLSearchParams(request.url.split("?").slice(1).join("?"));
    const params = readParams(request.params, query, request.body);
    return params.ok ? runCall(route.call, params.value) : params;
  };
}

function createSpecials({ hub, login, createLoginLink }: RestOptions): Record<SpecialRoute["special"], Handler> {
  const document = createOpenApi(hub.status().version);
  return {
    openapi: async () => accept(document),
    login: async (request) => login(request.body, request.socket.remoteAddress ?? ""),
    "login-link": async () => accept({ url: createLoginLink() }),
    source: async (request) => {
      const asked = parseCallParams("sources.remove", request.params);
      if (!asked.ok) return asked;
      return hub.sources.info(asked.value.name);
    },
    body: async (request, response) => {
      const asked = parseCallParams("events.get", request.params);
      if (!asked.ok) return asked;
      const sent = await sendBody(hub.log, asked.value.id, response, request.method === "HEAD");
      return sent.ok ? null : sent;
    },
  };
}

/** A payload may be as large as any body, and grows by a third in base64, or by escapes. */
function bodyLimit(route: Route, hub: Hub): () => number {
  if ("special" in route) return () => (route.special === "login" ? MAX_LOGIN_BYTES : MAX_JSON_BYTES);
  if (route.call !== "events.publish") return () => MAX_JSON_BYTES;
  return () => MAX_JSON_BYTES + Math.ceil(hub.status().limits.maxBodyBytes * 1.4);
}

function retryAfter(details: Readonly<Record<string, unknown>> | undefined): number | undefined {
  const seconds = details?.["retryAfterSeconds"];
  return typeof seconds === "number" ? seconds : undefined;
}

function toExpressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}
