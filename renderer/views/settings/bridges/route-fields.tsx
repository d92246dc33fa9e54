import { X } from "lucide-react";
import { IconButton } from "../../../components/icon-button.tsx";
import { SelectRow, type Choice } from "../../../components/select-row.tsx";
import { TextRow } from "../../../components/text-row.tsx";
import { routeFaults, routeText, type Direction, type RouteForm } from "../../../format/bridge-form.ts";

const DIRECTIONS: readonly Choice<Direction>[] = [
  { id: "publish", label: "Send there" },
  { id: "subscribe", label: "Take from there" },
];

interface RouteFieldsProps {
  readonly number: number;
  readonly route: RouteForm;
  readonly isChecked: boolean;
  readonly onChange: (route: RouteForm) => void;
  /** Null for the only one. */
  readonly onRemove: (() => void) | null;
}

/** One route of a bridge, with what it makes of its topics. */
export function RouteFields({ number, route, isChecked, onChange, onRemove }: RouteFieldsProps) {
  const faults = routeFaults(route);
  const isSound = Object.values(faults).every((fault) => fault === null);
  const { from, to } = routeText(route, route.direction);
  return (
    <div className="route" role="group" aria-label={`Route ${number}`}>
      <SelectRow label="Way" choices={DIRECTIONS} value={route.direction} onChange={(direction) => onChange({ ...route, direction })} />
      <TextRow
        label="Topic filter"
        isMono
        placeholder="#"
        value={route.filter}
        onChange={(filter) => onChange({ ...route, filter: filter.trim() })}
        fault={route.filter === "" && !isChecked ? null : faults.filter}
      />
      <TextRow
        label="Prefix here"
        isMono
        placeholder="none"
        value={route.localPrefix}
        onChange={(localPrefix) => onChange({ ...route, localPrefix: localPrefix.trim() })}
        fault={faults.localPrefix}
      />
      <TextRow
        label="Prefix there"
        isMono
        placeholder="none"
        value={route.remotePrefix}
        onChange={(remotePrefix) => onChange({ ...route, remotePrefix: remotePrefix.trim() })}
        fault={faults.remotePrefix}
      />
      {onRemove && (
        <IconButton label={`Remove route ${number}`} className="route__remove" onPress={onRemove}>
          <X size={14} aria-hidden="true" />
        </IconButton>
      )}
      {isSound && (
        <p className="route__sum">
          <code>{from}</code> {route.direction === "publish" ? "here becomes" : "there becomes"} <code>{to}</code>{" "}
          {route.direction === "publish" ? "there" : "here"}
        </p>
      )}
    </div>
  );
}
