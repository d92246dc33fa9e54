import { z } from "zod";
import { ERRORS } from "../../contract/errors.ts";
import { paramSchemas, pathParams, type JsonSchema } from "./read-params.ts";
import { COMPONENTS, RESULT_SCHEMAS } from "./result-schemas.ts";
import { API_PATH, ROUTES, type CallRoute, type Route } from "./routes.ts";

type Json = Readonly<Record<string, unknown>>;

const JSON_TYPE = "application/json";

/** The OpenAPI 3.1 document of the REST API, made from the routes and the schemas that parse and describe the calls. */
export function createOpenApi(version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of ROUTES) (paths[route.path] ??= {})[route.method] = operation(route);
  return {
    openapi: "3.1.1",
    info: { title: "Signalbox", version, description: "The same calls as the inspector makes. Times are epoch ms, sizes bytes." },
    servers: [{ url: API_PATH }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: "http", scheme: "bearer", description: "The hub's token, or a session token of /login" } },
      schemas: componentSchemas(),
      responses: refusedResponses(),
    },
  };
}

function operation(route: Route): Json {
  const parameters = pathParams(route).map((name) => parameter(name, "path", { type: "string" }, true));
  if ("call" in route && route.method === "get") parameters.push(...queryParameters(route));
  const body = requestBody(route);
  return {
    operationId: `${route.method}${route.path.replace(/\W+(\w)?/g, (_, letter: string | undefined) => (letter ?? "").toUpperCase())}`,
    summary: route.summary,
    ...("open" in route ? { security: [] } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: { required: true, content: { [JSON_TYPE]: { schema: body } } } } : {}),
    responses: { [route.status]: answer(route), ...refusals(route), default: { $ref: "#/components/responses/Refused" } },
  };
}

/** What a client of this route is to be ready for; `default` is everything that any request may meet. */
function refusals(route: Route): Json {
  const isRead = route.method === "get" || route.method === "delete";
  const statuses = [
    400,
    ...("open" in route ? [401, 429] : [401]),
    ...(pathParams(route).length > 0 ? [404] : []),
    ...(isRead ? [] : [413, 415]),
    500,
    503,
    ...(route.method === "get" ? [] : [507]),
  ];
  return Object.fromEntries(statuses.map((status) => [status, { $ref: `#/components/responses/Refused${status}` }]));
}

/** One for each status of the catalogue, with its codes. */
function refusedResponses(): Json {
  const content = { [JSON_TYPE]: { schema: reference("Error") } };
  const byStatus = Map.groupBy(Object.entries(ERRORS), ([, { httpStatus }]) => httpStatus);
  const responses = [...byStatus].map(([status, entries]): [string, Json] => {
    const description = entries.map(([code, { title }]) => `${code}: ${title}`).join("\n\n");
    return [`Refused${status}`, { description, content, ...(status === 429 || status === 503 ? { headers: RETRY_AFTER } : {}) }];
  });
  return { Refused: { description: "Refused; the code says why", content }, ...Object.fromEntries(responses) };
}

const RETRY_AFTER = { "Retry-After": { description: "Seconds to wait before trying again", schema: { type: "integer" } } };

function queryParameters(route: CallRoute): Json[] {
  const { properties, required } = paramSchemas(route);
  const inPath = pathParams(route);
  const own = Object.entries(properties)
    .filter(([name]) => !inPath.includes(name))
    .map(([name, schema]) => {
      const preset = route.defaults?.[name];
      return parameter(name, "query", preset === undefined ? schema : { ...schema, default: preset }, required.includes(name));
    });
  const fields = (route.filterFields ?? []).map((name) => parameter(name, "query", { type: "string" }, false));
  return [...own, ...fields];
}

function parameter(name: string, where: "path" | "query", schema: Json | JsonSchema, required: boolean): Json {
  return { name, in: where, required, schema };
}

function requestBody(route: Route): Json | null {
  if (route.method !== "post" && route.method !== "put") return null;
  if ("special" in route) return route.request ? plain(z.toJSONSchema(route.request, { io: "input" })) : null;
  const { properties, required } = paramSchemas(route);
  const inPath = pathParams(route);
  const own = Object.entries(properties).filter(([name]) => !inPath.includes(name));
  return {
    type: "object",
    properties: Object.fromEntries(own),
    required: required.filter((name) => !inPath.includes(name)),
    additionalProperties: false,
  };
}

function answer(route: Route): Json {
  const description = route.summary;
  if (route.status === 204) return { description };
  const given = "call" in route ? RESULT_SCHEMAS[route.call] : route.answer;
  if (typeof given === "string") return { description, content: { [given]: { schema: {} } } };
  const name = Object.keys(COMPONENTS).find((key) => COMPONENTS[key] === given);
  return { description, content: { [JSON_TYPE]: { schema: name ? reference(name) : plain(z.toJSONSchema(given, { io: "input" })) } } };
}

function componentSchemas(): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(COMPONENTS)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { io: "input", uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, plain(schema)]));
}

/** The document says once which dialect it is in, and where things are. */
function plain(schema: object): Json {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== "$schema" && key !== "$id"));
}

function reference(name: string): Json {
  return { $ref: `#/components/schemas/${name}` };
}
