import express, { type ErrorRequestHandler, type Express, type Response } from "express";
import { refuse, type Refusal } from "../contract/errors.ts";
import type { Logger } from "../platform/log.ts";
import { toHttpAnswer } from "./http-answer.ts";

/** What the ingress answers where no gateway stands: a page that says what this is, and "not found" in the usual shape. */
export function createIngressApp(options: { readonly logger: Logger; readonly version: string }): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.use((_request, response, next) => {
    response.setHeader("X-Content-Type-Options", "nosniff");
    next();
  });
  app.get("/", (_request, response) => {
    const text = `Signalbox ${options.version}\n\nWebhooks are taken at /in/<source>, with any method and any body. For example:\n`;
    response.format({
      text: () => response.send(`${text}\n  curl -d hello http://<this address>/in/test\n`),
      json: () => response.json({ name: "signalbox", version: options.version, in: "/in/<source>" }),
    });
  });
  app.use((request, response) => {
    const message = "There is nothing at this address. Webhooks are taken at /in/<source>.";
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
