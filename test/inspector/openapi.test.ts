import assert from "node:assert/strict";
import { test } from "node:test";
import { ERRORS } from "../../main/contract/errors.ts";
import { API_PATH, ROUTES } from "../../main/inspector/rest/routes.ts";
import { CALL_SCHEMAS } from "../../main/inspector/parse-params.ts";
import { startTestInspector } from "../support/test-inspector.ts";

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly security?: unknown[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required: boolean; readonly schema: object }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: { readonly properties: object } }> };
  readonly responses: Record<string, { readonly description?: string; readonly $ref?: string; readonly content?: object }>;
}

interface Document {
  readonly openapi: string;
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: Record<string, Record<string, object>>;
}

test("the OpenAPI document has every route with its parameters and answers, and no other", async (t) => {
  const hub = await startTestInspector(t);
  const document = (await (await hub.ask("/api/v1/openapi.json")).json()) as Document;
  assert.match(document.openapi, /^3\.1\./);
  assert.deepEqual(document.servers, [{ url: API_PATH }]);
  const listed = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));
  assert.deepEqual(listed.sort(), ROUTES.map((route) => `${route.method} ${route.path}`).sort());

  const ids = new Set<string>();
  for (const route of ROUTES) {
    const operation = document.paths[route.path]![route.method]!;
    assert.ok(!ids.has(operation.operationId), operation.operationId);
    ids.add(operation.operationId);
    assert.ok(operation.summary.length > 0);
    assert.ok(operation.responses[route.status], `${route.path} has no ${route.status}`);
    assert.ok(operation.responses["default"]);
    assert.equal(operation.security?.length === 0, "open" in route);
    const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === "path").map((parameter) => parameter.name);
    assert.deepEqual(
      inPath,
      [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]),
    );
    if (!("call" in route)) continue;
    const named = new Set([
      ...(operation.parameters ?? []).map((parameter) => parameter.name),
      ...Object.keys(operation.requestBody?.content["application/json"]?.schema.properties ?? {}),
    ]);
    for (const name of Object.keys(CALL_SCHEMAS[route.call].shape)) assert.ok(named.has(name), `${route.path} does not document ${name}`);
  }
});

test("every reference in the OpenAPI document leads somewhere, and no schema is used that is not there", async (t) => {
  const hub = await startTestInspector(t);
  const document = (await (await hub.ask("/api/v1/openapi.json")).json()) as Document;
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1]!);
  assert.ok(references.length > 20);
  for (const reference of references) {
    const target = reference
      .replace(/^#\//, "")
      .split("/")
      .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document);
    assert.ok(target, reference);
  }
});

test("the OpenAPI document names every error, under its status", async (t) => {
  const hub = await startTestInspector(t);
  const document = (await (await hub.ask("/api/v1/openapi.json")).json()) as Document;
  const responses = document.components["responses"] as Record<string, { description: string }>;
  for (const [code, { httpStatus, title }] of Object.entries(ERRORS))
    assert.ok(responses[`Refused${httpStatus}`]?.description.includes(`${code}: ${title}`), code);
  for (const route of ROUTES) {
    const named = Object.keys(document.paths[route.path]![route.method]!.responses);
    assert.ok(named.includes("400") && named.includes("401") && named.includes("503"), route.path);
    assert.equal(named.includes("415"), route.method === "post" || route.method === "put", route.path);
  }
});

test("every call but the chunked body has a REST address", () => {
  const called = new Set(ROUTES.flatMap((route) => ("call" in route ? [route.call] : [])));
  const without = Object.keys(CALL_SCHEMAS).filter((name) => !called.has(name as keyof typeof CALL_SCHEMAS));
  // /events/{id}/body streams it whole.
  assert.deepEqual(without, ["events.body"]);
});
