import express, { type ErrorRequestHandler, type Express, type Response } from "express";
import { refuse, type Refusal } from "../contract/errors.ts";
import type { Logger } from "../platform/log.ts";
import { createClientLibrary } from "./client-library.ts";
import { toHttpAnswer } from "./http-answer.ts";
import type { IngressGuard } from "./ingress-guard.ts";

const WAYS = [
  ["ANY  /in/<source>", "webhooks, with any method and any body"],
  ["POST /publish/<topic>", "publish a body, or CloudEvents"],
  ["WS   /ws", "subscribe and publish in JSON frames"],
  ["WS   /ws/topic/<topic>", "each frame is a publication, each event a frame"],
  ["WS   /mqtt", "MQTT over WebSocket"],
  ["GET  /sse?topic=<filter>", "events as they come, for EventSource"],
  ["GET  /poll?topic=<filter>", "events after a seq, or the next one"],
  ["     /socket.io/", "Socket.IO"],
  ["GET  /client/signalbox-client.js", "the client library for web pages"],
] as const;

/** What the ingress answers where no gateway stands: a page that says what this is, and "not found" in the usual shape. */
export function createIngressApp(options: {
  readonly logger: Logger;
  readonly version: string;
  readonly guard: Pick<IngressGuard, "corsHeaders">;
}): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.use((_request, response, next) => {
    response.setHeader("X-Content-Type-Options", "nosniff");
    next();
  });
  app.all("/", (request, response, next) => {
    if (request.method === "GET" || request.method === "HEAD") return next();
    response.setHeader("Allow", "GET, HEAD, OPTIONS");
    if (request.method === "OPTIONS") return void response.writeHead(204).end();
    send(response, refuse("METHOD_NOT_ALLOWED", "This page can only be read, with GET.").refusal);
  });
  app.get("/", (_request, response) => {
    const ways = WAYS.map(([address, what]) => `  ${address.padEnd(34)}${what}`).join("\n");
    const text = `Signalbox ${options.version}\n\n${ways}\n\nFor example:\n\n  curl -d hello http://<this address>/in/test\n`;
    response.format({
      text: () => response.send(text),
      json: () => response.json({ name: "signalbox", version: options.version, in: "/in/<source>", ways: Object.fromEntries(WAYS) }),
    });
  });
  app.use(createClientLibrary(options.guard));
  app.use((request, response) => {
    const message = "There is nothing at this address. Webhooks are taken at /in/<source>; / lists every other way in and out.";
    send(response, refuse("NOT_FOUND", message, { path: request.path.slice(0, 200) }).refusal);
  });
  const onError: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
    const id = crypto.randomUUID();
    options.logger.error("A request to the ingress failed.", { error, id });
    if (response.headersSent) response.destroy();
    else send(response, refuse("INTERNAL", `Something went wrong inside the hub. Its log explains it under ${id}.`, { id }).refusal);
  };
  app.use(onError);
  return app;
}

function send(response: Response, refusal: Refusal): void {
  const { status, headers, body } = toHttpAnswer(refusal);
  response.writeHead(status, headers);
  response.end(body);
}
