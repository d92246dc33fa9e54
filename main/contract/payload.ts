/** Something to publish again and again, kept under a name for everyone who uses this hub. */
export interface SavedPayload {
  /** 1 to MAX_PAYLOAD_NAME_CHARS characters. */
  readonly name: string;
  readonly topic: string;
  readonly payload: string;
  readonly encoding: "utf8" | "base64";
  readonly contentType: string | null;
  readonly retain: boolean;
  /** Null: as each subscriber asks for. */
  readonly qos: 0 | 1 | 2 | null;
}

export const MAX_SAVED_PAYLOADS = 200;
export const MAX_SAVED_PAYLOAD_CHARS = 64 * 1024;
export const MAX_PAYLOAD_NAME_CHARS = 80;
