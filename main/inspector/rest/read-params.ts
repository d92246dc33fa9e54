import { z } from "zod";
import { accept, refuse, type Result } from "../../contract/errors.ts";
import { CALL_SCHEMAS } from "../parse-params.ts";
import type { CallRoute } from "./routes.ts";

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The JSON schemas of a call's parameters by name, and which of them must be given. */
export function paramSchemas(route: CallRoute): { readonly properties: Readonly<Record<string, JsonSchema>>; readonly required: string[] } {
  const { properties = {}, required = [] } = z.toJSONSchema(CALL_SCHEMAS[route.call], { io: "input" });
  return { properties: properties as Record<string, JsonSchema>, required };
}

export function pathParams(route: { readonly path: string }): string[] {
  return [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
}

/**
 * What a request says, as parameters of the call; still foreign. Text of the query becomes a number or a truth value only
 * where the call wants one and the text is one: everything else is for the call's own parser to refuse.
 */
export function createReadParams(route: CallRoute) {
  const { properties } = paramSchemas(route);
  const filterFields = new Set(route.filterFields);

  const fromQuery = (query: URLSearchParams): Result<Record<string, unknown>> => {
    // Without a prototype, or a parameter "__proto__" would be taken for one and not be refused.
    const params = Object.create(null) as Record<string, unknown>;
    const terms: string[] = [];
    for (const [name, text] of query) {
      if (query.getAll(name).length > 1)
        return refuse("PARAMS_INVALID", `The parameter "${name}" is given twice. Give it once.`, { parameter: name });
      if (!filterFields.has(name)) params[name] = convert(text, properties[name]?.type);
      else if (text.includes('"')) return refuse("PARAMS_INVALID", `The parameter "${name}" cannot contain quotes.`, { parameter: name });
      else terms.push(`${name}:"${text}"`);
    }
    const filter = [params["filter"], ...terms].filter((part) => part !== undefined && part !== "").join(" ");
    return accept(filter === "" ? params : { ...params, filter });
  };

  return (path: Readonly<Record<string, unknown>>, query: URLSearchParams, body: unknown): Result<Record<string, unknown>> => {
    if (route.method === "get" || route.method === "delete") {
      const params = fromQuery(query);
      return params.ok ? accept({ ...route.defaults, ...params.value, ...path }) : params;
    }
    const given = body ?? {};
    if (typeof given !== "object" || Array.isArray(given)) return refuse("PARAMS_INVALID", "The body must be a JSON object.");
    const twice = Object.keys(path).find((name) => Object.hasOwn(given, name) && (given as Record<string, unknown>)[name] !== path[name]);
    if (twice)
      return refuse("PARAMS_INVALID", `The address and the body differ in "${twice}". Leave it out of the body.`, { parameter: twice });
    return accept({ ...route.defaults, ...given, ...path });
  };
}

function convert(text: string, type: JsonSchema["type"]): unknown {
  if (type === "integer" && /^-?\d{1,16}$/.test(text)) return Number(text);
  if (type === "boolean" && /^(1|0|true|false)$/.test(text)) return text === "1" || text === "true";
  return text;
}
