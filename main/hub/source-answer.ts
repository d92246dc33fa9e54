import { MAX_ANSWER_DELAY_MS, type SourceAnswer } from "../contract/source.ts";

const MAX_HEADERS = 50;
const MAX_VALUE_CHARS = 8 * 1024;
const MAX_BODY_CHARS = 64 * 1024;

/** RFC 9110 §5.6.2 and §5.5: a token, and a value without line ends, NUL or characters above U+00FF. */
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const HEADER_VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;
/** The frame of the answer is the hub's; these would break it. */
const OWN_HEADERS = new Set(["connection", "content-length", "date", "keep-alive", "trailer", "transfer-encoding", "upgrade"]);

/** Why a source cannot answer like this, or null when it can. */
export function answerFault(answer: SourceAnswer): string | null {
  const { status, headers, body, delayMs } = answer;
  if (!Number.isInteger(status) || status < 200 || status > 599) return `the status must be a whole number from 200 to 599, not ${status}`;
  if (!Number.isFinite(delayMs) || delayMs < 0 || delayMs > MAX_ANSWER_DELAY_MS)
    return `the delay must be from 0 to ${MAX_ANSWER_DELAY_MS} ms, not ${delayMs}`;
  if (body !== null && body.length > MAX_BODY_CHARS) return `the body is longer than ${MAX_BODY_CHARS} characters`;
  if (body && (status === 204 || status === 304)) return `an answer with status ${status} has no body (RFC 9110 §15.3.5, §15.4.5)`;
  if (headers.length > MAX_HEADERS) return `there are more than ${MAX_HEADERS} headers`;
  for (const [name, value] of headers) {
    if (!HEADER_NAME.test(name)) return `"${name}" cannot be a header's name`;
    if (OWN_HEADERS.has(name.toLowerCase())) return `the header ${name} is set by the hub itself`;
    if (value.length > MAX_VALUE_CHARS || !HEADER_VALUE.test(value)) return `the value of the header ${name} cannot be sent`;
  }
  return null;
}
