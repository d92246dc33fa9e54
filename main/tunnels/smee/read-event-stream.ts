export interface StreamEvent {
  /** `message` unless the server says otherwise. */
  readonly type: string;
  readonly data: string;
}

/** The events of an event stream (HTML §9.2.6). Throws when one of them has more than so many characters. */
export async function* readEventStream(body: AsyncIterable<Uint8Array>, maxChars: number): AsyncGenerator<StreamEvent, void, undefined> {
  const decoder = new TextDecoder();
  let rest = "";
  let type = "";
  let data: string[] = [];
  let chars = 0;
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    if (rest.length + chars > maxChars) throw new Error(`an event has more than ${maxChars} characters`);
    // A carriage return at the end may be half of a line's end.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop()!;
    for (const line of lines) {
      if (line === "") {
        if (data.length > 0) yield { type: type === "" ? "message" : type, data: data.join("\n") };
        [type, data, chars] = ["", [], 0];
        continue;
      }
      const [, field, value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line)!;
      chars += line.length;
      if (field === "event") type = value;
      if (field === "data") data.push(value);
    }
  }
}
