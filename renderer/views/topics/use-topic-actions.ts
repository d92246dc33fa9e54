import { useState } from "react";
import type { EventDetail } from "../../../main/contract/event.ts";
import { useApp, useCommands } from "../../components/app-context.tsx";
import { useCopy } from "../../components/use-copy.ts";
import { decodeText } from "../../format/body-kind.ts";
import { subscribeCommands } from "../../format/topic-commands.ts";
import { toTopicTerm } from "../../format/topic-term.ts";
import { desktop } from "../../link/desktop.ts";
import { toPath } from "../../state/router.ts";
import type { LiveLine } from "../../state/topic-lines.ts";
import { useAddresses } from "./use-addresses.ts";

/** The retained event that was cleared here, with all that is needed to publish it again. */
export interface ClearedRetained {
  readonly event: EventDetail;
  readonly bytes: Uint8Array;
}

export interface RetainedState {
  readonly isAsking: boolean;
  readonly ask: () => void;
  readonly close: () => void;
  readonly retainedId: string | null;
  readonly cleared: ClearedRetained | null;
  readonly setCleared: (cleared: ClearedRetained | null) => void;
}

/** What can be done with the topic that is shown, by key, menu or palette. */
export function useTopicActions(topic: string, line: LiveLine | undefined): RetainedState {
  const { bodies, connection } = useApp();
  const copy = useCopy();
  const addresses = useAddresses();
  const [isAsking, setAsking] = useState(false);
  const [cleared, setCleared] = useState<ClearedRetained | null>(null);
  const filter = line && !line.isTopic && line.below > 0 ? `${topic}/#` : topic;
  const [command] = subscribeCommands(filter, addresses);
  const retainedId = line?.retainedId ?? null;

  const value = async (): Promise<string> => {
    const { events } = await connection.call("events.query", { limit: 10, filter: `${toTopicTerm(topic)} state:accepted` });
    const newest = events.find((event) => event.topic === topic);
    if (!newest) throw new Error("its newest event is not in the log any more.");
    const text = decodeText(await bodies.load(await connection.call("events.get", { id: newest.id })));
    if (text === null) throw new Error("it is binary. Download it in Events instead.");
    return text;
  };
  useCommands({
    "topic.copy": () => void copy(topic, "Topic"),
    "topic.copy-command": command ? () => void copy(command.command, `${command.tool} command`) : null,
    "event.copy-body": line?.isTopic && line.lastSeq > 0 ? () => void copy(value(), "Value") : null,
    "event.copy-link": () => {
      const path = toPath({ page: "topics", item: topic, filter: "" });
      void copy(desktop ? `signalbox:/${path}` : location.origin + path, "Link");
    },
    "topic.clear-retained": retainedId === null ? null : () => setAsking(true),
  });
  return { isAsking, ask: () => setAsking(true), close: () => setAsking(false), retainedId, cleared, setCleared };
}
