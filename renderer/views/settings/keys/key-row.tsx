import { Trash2 } from "lucide-react";
import type { KeyInfo } from "../../../../main/contract/key.ts";
import { IconButton } from "../../../components/icon-button.tsx";
import { LampLabel } from "../../../components/lamp-label.tsx";
import { ToggleSwitch } from "../../../components/toggle-switch.tsx";
import { plural } from "../../../format/quantity.ts";
import { toDay, toRelative } from "../../../format/time.ts";

interface KeyRowProps {
  readonly of: KeyInfo;
  /** Sessions that use it now. */
  readonly connected: number;
  readonly now: number;
  readonly onEnable: (enabled: boolean) => void;
  readonly onRevoke: () => void;
}

const SOON_MS = 7 * 86_400_000;

export function KeyRow({ of: key, connected, now, onEnable, onRevoke }: KeyRowProps) {
  const { name, createdAt, expiresAt, enabled, lastUsedAt } = key;
  return (
    <li className="row">
      <div className="row__main">
        <h3 className="row__title">
          <span className="mono">{name}</span>
          <KeyState of={key} now={now} />
        </h3>
        <p className="row__facts">
          <span>made {toDay(createdAt)}</span>
          {expiresAt !== null && expiresAt > now && <span>expires {toRelative(expiresAt, now)}</span>}
          {connected > 0 ? (
            <span className="row__live">{plural(connected, "device")} connected</span>
          ) : (
            <span>{lastUsedAt === null ? "not used since the hub started" : `last used ${toRelative(lastUsedAt, now)}`}</span>
          )}
        </p>
        {isAll(key.publish) && isAll(key.subscribe) ? (
          <p className="row__facts">publishes and subscribes to everything</p>
        ) : (
          <>
            <Filters label="publishes to" filters={key.publish} />
            <Filters label="subscribes to" filters={key.subscribe} />
          </>
        )}
      </div>
      <div className="row__tools">
        <ToggleSwitch isSelected={enabled} onChange={onEnable} aria-label={`Key ${name} is on`} />
        <IconButton label={`Revoke ${name}`} onPress={onRevoke}>
          <Trash2 size={15} aria-hidden="true" />
        </IconButton>
      </div>
    </li>
  );
}

function KeyState({ of: { enabled, expiresAt }, now }: { readonly of: KeyInfo; readonly now: number }) {
  if (expiresAt !== null && expiresAt <= now) return <LampLabel lamp="red">Expired {toRelative(expiresAt, now)}</LampLabel>;
  if (!enabled) return <LampLabel lamp="dark">Off</LampLabel>;
  if (expiresAt !== null && expiresAt - now < SOON_MS) return <LampLabel lamp="amber">Expires soon</LampLabel>;
  return <LampLabel lamp="green">On</LampLabel>;
}

function isAll(filters: readonly string[]): boolean {
  return filters.includes("#");
}

/** Side by side, as many as there are; "everything" takes in all others. */
function Filters({ label, filters }: { readonly label: string; readonly filters: readonly string[] }) {
  return (
    <p className="row__filters">
      <span>{label}</span>
      {filters.length === 0 && <span>nothing</span>}
      {isAll(filters) ? (
        <span>everything</span>
      ) : (
        filters.map((filter) => (
          <code key={filter} className="filter-chip">
            {filter}
          </code>
        ))
      )}
    </p>
  );
}
