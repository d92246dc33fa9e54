import { ArrowRight, Pencil, Trash2 } from "lucide-react";
import type { BridgeInfo, BridgeState, BridgeStatus } from "../../../../main/contract/bridge.ts";
import { IconButton } from "../../../components/icon-button.tsx";
import { LampLabel } from "../../../components/lamp-label.tsx";
import { routeText, type Direction } from "../../../format/bridge-form.ts";
import type { Lamp } from "../../../format/lamp.ts";
import { plural, toCount } from "../../../format/quantity.ts";

const STATES: Readonly<Record<BridgeState, readonly [lamp: Lamp, label: string]>> = {
  connecting: ["dark", "Connecting…"],
  connected: ["green", "Connected"],
  waiting: ["amber", "Trying again"],
  stopped: ["red", "Stopped"],
};

interface BridgeRowProps {
  readonly of: BridgeInfo;
  /** Null while the hub has not said. */
  readonly status: BridgeStatus | null;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

export function BridgeRow({ of: bridge, status, onEdit, onRemove }: BridgeRowProps) {
  const [lamp, label] = STATES[status?.state ?? "connecting"];
  return (
    <li className="row">
      <div className="row__main">
        <h3 className="row__title">
          <span>{bridge.name}</span>
          <LampLabel lamp={lamp}>{label}</LampLabel>
        </h3>
        <p className="row__facts">
          <code>{bridge.url}</code>
          <span>MQTT {bridge.version === 5 ? "5" : "3.1.1"}</span>
          {bridge.username !== null && <span>as {bridge.username}</span>}
          {bridge.fromFile && <span>from the settings file</span>}
        </p>
        {status?.reason && <p className="row__reason">{status.reason}</p>}
        <ul className="row__routes" aria-label={`Routes of ${bridge.name}`}>
          {bridge.publish.map((route) => (
            <Route key={`out ${route.localPrefix} ${route.filter}`} direction="publish" {...routeText(route, "publish")} />
          ))}
          {bridge.subscribe.map((route) => (
            <Route key={`in ${route.remotePrefix} ${route.filter}`} direction="subscribe" {...routeText(route, "subscribe")} />
          ))}
        </ul>
        {status && (
          <p className="row__facts">
            <span>{toCount(status.sent)} sent</span>
            <span>{toCount(status.received)} received</span>
            {status.refused > 0 && <span className="row__bad">{toCount(status.refused)} refused</span>}
            {status.behind > 0 && <span>{plural(status.behind, "event")} to look at</span>}
          </p>
        )}
      </div>
      <div className="row__tools">
        <IconButton label={`Edit ${bridge.name}`} onPress={onEdit}>
          <Pencil size={15} aria-hidden="true" />
        </IconButton>
        <IconButton
          label={bridge.fromFile ? `${bridge.name} is removed in the settings file` : `Remove ${bridge.name}`}
          isDisabled={bridge.fromFile}
          onPress={onRemove}
        >
          <Trash2 size={15} aria-hidden="true" />
        </IconButton>
      </div>
    </li>
  );
}

function Route({ direction, from, to }: { readonly direction: Direction; readonly from: string; readonly to: string }) {
  return (
    <li>
      <span className="row__way">{direction === "publish" ? "out" : "in"}</span>
      <code className="filter-chip">{from}</code>
      <ArrowRight size={13} aria-label="becomes" />
      <code className="filter-chip">{to}</code>
    </li>
  );
}
