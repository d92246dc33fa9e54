import { FileUp, Send, WandSparkles, X } from "lucide-react";
import { useCallback, useState, type KeyboardEvent } from "react";
import { Button, FileTrigger } from "react-aria-components";
import { topicFault } from "../../../main/contract/topic.ts";
import { useApp, useReadable } from "../../components/app-context.tsx";
import { keyName } from "../../components/key-caps.tsx";
import { LampLabel } from "../../components/lamp-label.tsx";
import { Notice } from "../../components/notice.tsx";
import { SelectRow } from "../../components/select-row.tsx";
import { TextRow } from "../../components/text-row.tsx";
import { TickBox } from "../../components/tick-box.tsx";
import { useAttempt } from "../../components/use-attempt.ts";
import { toBase64 } from "../../format/base64.ts";
import { decodeText } from "../../format/body-kind.ts";
import { indexJson } from "../../format/json-index.ts";
import { toPrettyJson } from "../../format/json-pretty.ts";
import { checkPayload, type PayloadCheck } from "../../format/payload-check.ts";
import { toSize } from "../../format/quantity.ts";
import { toClock } from "../../format/time.ts";
import { publishDraft } from "../../state/publish-draft.ts";
import { published, type Publication, type Published } from "../../state/published.ts";
import { EventLink } from "../detail/event-link.tsx";
import { PublishedList } from "./published-list.tsx";
import { SavedList } from "./saved-list.tsx";
import { SuggestField } from "./suggest-field.tsx";

/** A call crosses the link in one frame, base64 in JSON; larger bodies go by HTTP. */
const MAX_FILE_BYTES = 1024 * 1024;
const TYPES = ["application/json", "text/plain", "application/octet-stream", "application/xml", "text/csv", "application/cbor"] as const;
const suggestType = (text: string): readonly string[] => TYPES.filter((type) => type.includes(text.toLowerCase()));
const QOS = [
  { id: "any", label: "As subscribed" },
  { id: "0", label: "0", hint: "at most once" },
  { id: "1", label: "1", hint: "at least once" },
  { id: "2", label: "2", hint: "exactly once" },
] as const;
type QosChoice = (typeof QOS)[number]["id"];

/** Publishes through the hub: stored before it is answered, then given to every subscriber of every protocol. */
export function PublishForm({ topic: startTopic }: { readonly topic: string }) {
  const { connection, hub } = useApp();
  const attempt = useAttempt();
  const draft = useReadable(publishDraft);
  const [topic, setTopic] = useState(startTopic);
  const [tried, setTried] = useState(false);
  const [answer, setAnswer] = useState<Published | null>(null);
  const [fileFault, setFileFault] = useState<string | null>(null);
  const check = checkPayload(draft.text, draft.contentType);
  const change = (part: Partial<typeof draft>): void => publishDraft.set({ ...draft, ...part });
  const suggestTopics = useCallback(
    async (text: string) => (await connection.call("topics.list", { prefix: text, limit: 30 })).topics.map((one) => one.topic),
    [connection],
  );
  const fault = topicFault(topic);

  const publication: Publication = {
    topic,
    payload: draft.file?.base64 ?? draft.text,
    encoding: draft.file ? "base64" : "utf8",
    contentType: draft.contentType.trim() || (draft.file ? "application/octet-stream" : check.contentType),
    retain: draft.retain,
    qos: draft.qos,
  };
  const send = async (one: Publication): Promise<void> => {
    const { contentType, qos, ...rest } = one;
    const done = await attempt.call("events.publish", {
      ...rest,
      ...(contentType === null ? {} : { contentType }),
      ...(qos === null ? {} : { qos }),
    });
    if (!done.ok) return setAnswer(null);
    const kept: Published = { ...one, ...done.value, at: hub.now() };
    published.add(kept);
    setAnswer(kept);
  };
  const submit = (): void => {
    setTried(true);
    if (fault === null && !attempt.isBusy) void send(publication);
  };
  const load = ({ topic, payload, encoding, contentType, retain, qos }: Publication, name = "saved bytes"): void => {
    setTopic(topic);
    const isFile = encoding === "base64";
    publishDraft.set({
      text: isFile ? "" : payload,
      file: isFile ? { name, base64: payload, sizeBytes: Math.floor((payload.replace(/=+$/, "").length * 3) / 4) } : null,
      contentType: contentType ?? "",
      retain,
      qos,
    });
  };
  const readFile = async (file: File): Promise<void> => {
    setFileFault(null);
    if (file.size > MAX_FILE_BYTES)
      return setFileFault(
        `${file.name} has ${toSize(file.size)}; from here at most ${toSize(MAX_FILE_BYTES)} can be sent. Use curl --data-binary.`,
      );
    const bytes = new Uint8Array(await file.arrayBuffer());
    const text = decodeText(bytes);
    const own = { contentType: file.type };
    if (text === null) change({ ...own, text: "", file: { name: file.name, base64: toBase64(bytes), sizeBytes: bytes.length } });
    else change({ ...own, text, file: null });
  };
  const format = (): void => {
    const index = indexJson(draft.text);
    if (!("fault" in index)) change({ text: toPrettyJson(draft.text, index) });
  };
  const handleKey = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    submit();
  };

  return (
    <div className="publish">
      {/* Mod+Enter publishes from any of its fields. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <form
        className="publish__form"
        aria-label="Publish"
        noValidate
        onKeyDown={handleKey}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <SuggestField
          label="Topic"
          value={topic}
          placeholder="home/kitchen/light"
          suggest={suggestTopics}
          onChange={setTopic}
          fault={tried && fault ? `${fault[0]!.toUpperCase()}${fault.slice(1)}.` : null}
        />
        {draft.file ? (
          <p className="publish__file">
            <FileUp size={14} aria-hidden="true" />
            <strong>{draft.file.name}</strong>
            {toSize(draft.file.sizeBytes)} of bytes
            <Button className="button button--small" onPress={() => change({ file: null })}>
              <X size={12} aria-hidden="true" />
              Write text instead
            </Button>
          </p>
        ) : (
          <TextRow label="Payload" isMono lines={7} value={draft.text} onChange={(text) => change({ text })} />
        )}
        <div className="publish__tools">
          {!draft.file && <CheckLamp check={check} />}
          <span className="publish__gap" />
          {check.kind === "json" && !draft.file && (
            <Button className="button button--small" onPress={format}>
              <WandSparkles size={12} aria-hidden="true" />
              Format
            </Button>
          )}
          <FileTrigger
            onSelect={(files) => {
              const file = files?.[0];
              if (file) void readFile(file);
            }}
          >
            <Button className="button button--small">
              <FileUp size={12} aria-hidden="true" />
              From a file…
            </Button>
          </FileTrigger>
        </div>
        {fileFault && (
          <Notice tone="bad" isAlert>
            {fileFault}
          </Notice>
        )}
        <div className="publish__options">
          <SuggestField
            label="Content type"
            value={draft.contentType}
            placeholder={publication.contentType ?? "none"}
            suggest={suggestType}
            onChange={(contentType) => change({ contentType })}
          />
          <SelectRow<QosChoice>
            label="QoS to MQTT"
            choices={QOS}
            value={draft.qos === null ? "any" : (String(draft.qos) as QosChoice)}
            onChange={(qos) => change({ qos: qos === "any" ? null : (Number(qos) as 0 | 1 | 2) })}
          />
        </div>
        <TickBox isSelected={draft.retain} onChange={(retain) => change({ retain })}>
          Retain: give it to new subscribers
        </TickBox>
        <div className="publish__send">
          <Button type="submit" className="button button--primary" isPending={attempt.isBusy}>
            <Send size={14} aria-hidden="true" />
            Publish
          </Button>
          <kbd aria-hidden="true">{keyName("Mod+↵")}</kbd>
          <p className="publish__answer" role="status">
            {answer && (
              <>
                Stored as <EventLink id={answer.id} text={`#${answer.seq}`} /> at {toClock(answer.at)}
              </>
            )}
          </p>
        </div>
        {attempt.refusal && (
          <Notice tone="bad" isAlert>
            {attempt.refusal.message}
          </Notice>
        )}
      </form>
      <SavedList publication={publication} onLoad={load} onSend={(one) => void send(one)} />
      <PublishedList onLoad={load} onSend={(one) => void send(one)} />
    </div>
  );
}

function CheckLamp({ check }: { readonly check: PayloadCheck }) {
  switch (check.kind) {
    case "json":
      return <LampLabel lamp="green">Valid JSON</LampLabel>;
    case "bad-json":
      return (
        <span role="status">
          <LampLabel lamp="amber">Not valid JSON: {check.fault}</LampLabel>
        </span>
      );
    case "empty":
      return <LampLabel lamp="dark">Empty</LampLabel>;
    case "text":
      return <LampLabel lamp="dark">Text</LampLabel>;
  }
}
