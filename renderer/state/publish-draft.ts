import { createCell } from "./cell.ts";

/** What stands in the form for publishing, but for the topic; it stays while one looks at other topics and pages. */
export interface PublishDraft {
  readonly text: string;
  /** Bytes from a file that are no text; sent in place of the text. */
  readonly file: { readonly name: string; readonly base64: string; readonly sizeBytes: number } | null;
  /** "" for what the payload looks like. */
  readonly contentType: string;
  readonly retain: boolean;
  readonly qos: 0 | 1 | 2 | null;
}

export const EMPTY_DRAFT: PublishDraft = { text: "", file: null, contentType: "", retain: false, qos: null };

export const publishDraft = createCell<PublishDraft>(EMPTY_DRAFT);
