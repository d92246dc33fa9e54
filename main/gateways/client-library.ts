import { join } from "node:path";
import express, { Router, type Response } from "express";
import type { IngressGuard } from "./ingress-guard.ts";

/** Beside the built program, or where a build puts it for the sources. */
const FOLDER = join(import.meta.dirname, import.meta.filename.endsWith(".js") ? "../../client" : "../../dist/client");

/**
 * `GET /client/signalbox-client.js`: the client library as one ES module, for pages. Its address stays the same, so a copy
 * is asked after each time and costs a 304. Pages of this listener import it as their own; of others, those that may use
 * the hub at all.
 */
export function createClientLibrary(guard: Pick<IngressGuard, "corsHeaders">, folder: string = FOLDER): Router {
  const router = Router();
  router.use("/client", (request, response, next) => {
    const [, origin] = guard.corsHeaders(request);
    if (origin !== undefined) response.setHeader("Access-Control-Allow-Origin", origin);
    response.setHeader("Vary", "Origin");
    next();
  });
  const setHeaders = (response: Response): void => void response.setHeader("Cache-Control", "no-cache");
  router.use("/client", express.static(folder, { index: false, redirect: false, dotfiles: "ignore", cacheControl: false, setHeaders }));
  return router;
}
