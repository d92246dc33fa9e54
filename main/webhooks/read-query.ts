import type { WebhookRequest } from "./provider.ts";

/** The URL's parameters; none when the URL is not known. */
export function readQuery({ url }: Pick<WebhookRequest, "url">): URLSearchParams {
  const at = url?.indexOf("?") ?? -1;
  return new URLSearchParams(at < 0 ? "" : url!.slice(at + 1));
}

/** A parameter that is there exactly once: of two it is not known which one is meant. */
export function onlyParam(query: URLSearchParams, name: string): string | null {
  const values = query.getAll(name);
  return values.length === 1 ? values[0]! : null;
}
