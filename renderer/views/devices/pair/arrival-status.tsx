import { CircleCheck } from "lucide-react";
import { toVersionWords } from "../../../format/session-words.ts";
import type { Arrival } from "./use-arrival.ts";

/** Whether the device is there, read out when that changes. */
export function ArrivalStatus({
  arrival: { device, hasLeft, event, refused },
  name,
}: {
  readonly arrival: Arrival;
  readonly name: string;
}) {
  return (
    <div className="arrival" role="status">
      {device ? (
        <span className="arrival__there">
          <CircleCheck size={17} aria-hidden="true" />
          <strong>Connected</strong> over {toVersionWords(device.info)} from {device.info.remoteAddress}
        </span>
      ) : event ? (
        <span className="arrival__there">
          <CircleCheck size={17} aria-hidden="true" />
          <strong>First event</strong> on {event.topic}
        </span>
      ) : refused !== null ? (
        <span className="arrival__refused">
          {name} was turned away: {refused}
        </span>
      ) : (
        <span className="arrival__waiting">
          <span className="arrival__lamp" aria-hidden="true" />
          {hasLeft ? `${name} was here and has left. Waiting for it…` : `Waiting for ${name} to connect…`}
        </span>
      )}
    </div>
  );
}
