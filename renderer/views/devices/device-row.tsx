import { memo } from "react";
import { LampLabel } from "../../components/lamp-label.tsx";
import { ProtocolBadge } from "../../components/protocol-badge.tsx";
import { TrafficSpark } from "../../components/traffic-spark.tsx";
import { toRate } from "../../format/device-table.ts";
import { toCount, toSize } from "../../format/quantity.ts";
import { toDateTime, toSpan } from "../../format/time.ts";
import type { Device } from "../../state/device-list.ts";

interface DeviceRowProps {
  readonly device: Device;
  readonly row: number;
  readonly top: number;
  readonly isActive: boolean;
  readonly isOpen: boolean;
  /** Grows with each second in which something is drawn anew; for a quiet device it stands still. */
  readonly second: number;
  /** By the hub's clock, as exact as `toSpan` is for what is older than a minute. */
  readonly now: number;
  readonly onChoose: (device: Device, open: boolean) => void;
}

export function deviceRowId(key: string): string {
  return `device-${key}`;
}

export const DeviceRow = memo(function DeviceRow({ device, row, top, isActive, isOpen, now, onChoose }: DeviceRowProps) {
  const { info, goneAt, rates } = device;
  const isGone = goneAt !== null;
  return (
    // Keys are the grid's, which has the focus and says which row is active.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={deviceRowId(device.key)}
      role="row"
      aria-rowindex={row + 2}
      aria-selected={isActive}
      className={`event-row device-grid device-row${isActive ? " event-row--active" : ""}${isOpen ? " event-row--open" : ""}${isGone || !info.connected ? " device-row--quiet" : ""}`}
      style={{ transform: `translateY(${top}px)` }}
      onPointerDown={(press) => press.button === 0 && onChoose(device, true)}
    >
      <span role="gridcell" className="cell cell--device" title={info.name}>
        <DeviceLamp device={device} />
        <span className="cell__name">{info.name}</span>
        {info.name === info.remoteAddress && <span className="device-row__hint">{info.topics[0] ?? info.subscriptions[0] ?? ""}</span>}
        {isGone && <span className="device-row__tag">left</span>}
        {!isGone && !info.connected && <span className="device-row__tag">away</span>}
      </span>
      <span role="gridcell" className="cell cell--protocol">
        <ProtocolBadge protocol={info.protocol} />
        {info.version !== null && <span className="device-row__version">{info.version}</span>}
      </span>
      <span role="gridcell" className="cell cell--address mono" title={info.remoteAddress}>
        {info.remoteAddress === "" ? <span className="cell__none">–</span> : info.remoteAddress}
      </span>
      <span role="gridcell" className="cell cell--key" title={info.key ?? undefined}>
        {info.key ?? <span className="cell__none">none</span>}
      </span>
      <span
        role="gridcell"
        className="cell cell--since"
        onPointerEnter={({ currentTarget }) =>
          (currentTarget.title = `${info.connected ? "Connected" : "Away"} since ${toDateTime(info.connectedAt)}`)
        }
      >
        {toSpan(Math.max(1000, now - info.connectedAt)).replace(/^(\d+)\.\d+ s$/, "$1 s")}
      </span>
      <Rate value={isGone ? 0 : info.received.perSecond} of="in" />
      <Rate value={isGone ? 0 : info.sent.perSecond} of="out" />
      <span role="gridcell" className="cell cell--activity">
        <span className="visually-hidden">{rates.received.length === 0 ? "quiet" : "see in and out"}</span>
        {rates.received.length > 0 && <TrafficSpark rates={rates} width={96} height={18} />}
      </span>
      <span role="gridcell" className="cell cell--queue">
        <Queue events={info.queuedEvents} bytes={info.queuedBytes} />
      </span>
      <span role="gridcell" className="cell cell--subscriptions">
        {info.subscriptionCount === 0 ? <span className="cell__none">0</span> : toCount(info.subscriptionCount)}
      </span>
    </div>
  );
});

/** Connected, away or gone: a lamp whose word is read out. */
export function DeviceLamp({ device: { info, goneAt } }: { readonly device: Device }) {
  const [lamp, word] =
    goneAt !== null ? (["red", "Left"] as const) : info.connected ? (["green", "Connected"] as const) : (["dark", "Away"] as const);
  return (
    <LampLabel lamp={lamp}>
      <span className="visually-hidden">{word}</span>
    </LampLabel>
  );
}

function Rate({ value, of }: { readonly value: number; readonly of: "in" | "out" }) {
  return (
    <span role="gridcell" className={`cell cell--${of}`}>
      {value === 0 ? <span className="cell__none">0</span> : toRate(value)}
    </span>
  );
}

export function Queue({ events, bytes }: { readonly events: number; readonly bytes: number }) {
  if (events === 0 && bytes === 0) return <span className="cell__none">0</span>;
  return <>{events > 0 ? toCount(events) : toSize(bytes)}</>;
}
