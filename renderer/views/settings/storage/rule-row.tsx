import { ArrowDown, ArrowUp, GripVertical, X } from "lucide-react";
import type { PointerEvent } from "react";
import { RECORD_POLICIES, type RecordRule } from "../../../../main/contract/settings.ts";
import { IconButton } from "../../../components/icon-button.tsx";
import { Segments } from "../../../components/segments.tsx";
import { TextRow } from "../../../components/text-row.tsx";
import { POLICY_LABELS, ruleFault } from "../../../format/record-rules.ts";

interface RuleRowProps {
  readonly rules: readonly RecordRule[];
  readonly at: number;
  /** For the topic that is tried out. */
  readonly decides: boolean;
  readonly onChange: (rule: RecordRule) => void;
  /** By a button: the focus goes along. */
  readonly onMove: (to: number) => void;
  /** By the pointer, while it is held. */
  readonly onDrag: (from: number, to: number) => void;
  readonly onRemove: () => void;
}

const CHOICES = RECORD_POLICIES.map((id) => ({ id, label: POLICY_LABELS[id] }));

/** One rule of the list; moved by its buttons or dragged by its handle. */
export function RuleRow({ rules, at, decides, onChange, onMove, onDrag, onRemove }: RuleRowProps) {
  const rule = rules[at]!;
  const name = `rule ${at + 1}`;
  return (
    <li className={decides ? "rule rule--decides" : "rule"}>
      <DragHandle at={at} count={rules.length} onDrag={onDrag} />
      <span className="rule__number">{at + 1}</span>
      <TextRow
        label={`Topic filter of ${name}`}
        hidesLabel
        isMono
        placeholder="sensors/+/raw/#"
        value={rule.filter}
        onChange={(filter) => onChange({ ...rule, filter: filter.trim() })}
        fault={ruleFault(rules, at)}
      />
      <Segments
        label={`What of ${name} is kept`}
        choices={CHOICES}
        value={rule.policy}
        onChange={(policy) => onChange({ ...rule, policy })}
      />
      <span className="rule__tools">
        <IconButton label={`Move ${name} up`} data-way="up" isDisabled={at === 0} onPress={() => onMove(at - 1)}>
          <ArrowUp size={14} aria-hidden="true" />
        </IconButton>
        <IconButton label={`Move ${name} down`} data-way="down" isDisabled={at === rules.length - 1} onPress={() => onMove(at + 1)}>
          <ArrowDown size={14} aria-hidden="true" />
        </IconButton>
        <IconButton label={`Remove ${name}`} onPress={onRemove}>
          <X size={14} aria-hidden="true" />
        </IconButton>
      </span>
    </li>
  );
}

/** For the pointer alone; the buttons do the same for everybody. */
function DragHandle({ at, count, onDrag }: { readonly at: number; readonly count: number; readonly onDrag: RuleRowProps["onDrag"] }) {
  const start = (event: PointerEvent<HTMLElement>): void => {
    const list = event.currentTarget.closest("ol");
    if (!list || event.button !== 0) return;
    event.preventDefault();
    let from = at;
    const follow = ({ clientY }: globalThis.PointerEvent): void => {
      const rows = [...list.children].slice(0, count).map((row) => row.getBoundingClientRect());
      const to = rows.findIndex(({ top, bottom }) => clientY >= top && clientY < bottom);
      if (to === -1 || to === from) return;
      onDrag(from, to);
      from = to;
    };
    const stop = (): void => {
      window.removeEventListener("pointermove", follow);
      window.removeEventListener("pointerup", stop);
      window.removeEventListener("pointercancel", stop);
    };
    window.addEventListener("pointermove", follow);
    window.addEventListener("pointerup", stop);
    window.addEventListener("pointercancel", stop);
  };
  return (
    <span className="rule__handle" aria-hidden="true" onPointerDown={start}>
      <GripVertical size={14} />
    </span>
  );
}
