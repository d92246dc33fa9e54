import { Plus, Search, X } from "lucide-react";
import { useRef } from "react";
import { Button, ToggleButton, ToggleButtonGroup } from "react-aria-components";
import type { Protocol } from "../../../main/contract/event.ts";
import { useApp, useCommands, useReadable } from "../../components/app-context.tsx";
import { IconButton } from "../../components/icon-button.tsx";
import { ProtocolBadge } from "../../components/protocol-badge.tsx";
import { Segments } from "../../components/segments.tsx";
import { countProtocols, parseDeviceFilter, writeDeviceFilter } from "../../format/device-table.ts";
import { plural, toCount } from "../../format/quantity.ts";
import { devicesShown } from "./device-choices.ts";

const VIEWS = [
  { id: "table", label: "Connected" },
  { id: "log", label: "Comings and goings" },
] as const;

/** Words, protocols, and which of the two lists is shown. */
export function DevicesToolbar({ filter, onPair }: { readonly filter: string; readonly onPair: () => void }) {
  const { devices, router, commands } = useApp();
  const view = useReadable(devices.view);
  const shown = useReadable(devicesShown);
  const input = useRef<HTMLInputElement>(null);
  const change = (next: string): void => router.go({ filter: next }, { replace: true });
  useCommands({
    "filter.focus": () => input.current?.focus(),
    "filter.clear": filter === "" ? null : () => change(""),
  });
  const { words, protocols } = parseDeviceFilter(filter);
  const counts = countProtocols(view.devices.values());
  const known: readonly Protocol[] = [...new Set([...counts.map(([protocol]) => protocol), ...protocols])];
  return (
    <div className="devices__top">
      <div className="devices__bar">
        <search className="page-search">
          <Search size={14} aria-hidden="true" />
          <input
            ref={input}
            value={filter}
            aria-label="Filter devices"
            placeholder="Filter: name, address, key, topic…"
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => change(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Escape") {
                if (filter === "") input.current?.blur();
                change("");
              } else if (event.key === "Enter" || event.key === "ArrowDown") {
                event.preventDefault();
                input.current?.blur();
                commands.run("list.next");
              }
            }}
          />
          {filter === "" ? (
            <kbd aria-hidden="true">/</kbd>
          ) : (
            <IconButton label="Clear the filter" keys="x" onPress={() => change("")}>
              <X size={13} aria-hidden="true" />
            </IconButton>
          )}
        </search>
        <Button className="button button--primary devices__pair" onPress={onPair}>
          <Plus size={14} aria-hidden="true" />
          Pair a device
        </Button>
      </div>
      <div className="devices__bar devices__bar--low">
        <Segments label="What is listed" choices={VIEWS} value={shown} onChange={(next) => devicesShown.set(next)} />
        {(known.length > 1 || protocols.length > 0) && (
          <ToggleButtonGroup
            className="devices__protocols"
            aria-label="Protocols"
            selectionMode="multiple"
            selectedKeys={protocols}
            onSelectionChange={(keys) => change(writeDeviceFilter({ words, protocols: [...keys] as Protocol[] }))}
          >
            {known.map((protocol) => (
              <ToggleButton key={protocol} id={protocol} className="devices__protocol">
                <ProtocolBadge protocol={protocol} />
                <span className="devices__count">{toCount(counts.find(([one]) => one === protocol)?.[1] ?? 0)}</span>
              </ToggleButton>
            ))}
          </ToggleButtonGroup>
        )}
        <Total total={view.total} />
      </div>
    </div>
  );
}

function Total({ total }: { readonly total: number }) {
  const { devices } = useApp();
  const view = useReadable(devices.view);
  const here = [...view.devices.values()].filter(({ goneAt }) => goneAt === null).length;
  if (view.status !== "ready") return null;
  return (
    <span className="devices__total">
      {here < total ? `${toCount(here)} of ${plural(total, "session")}, more on the way` : plural(total, "session")}
    </span>
  );
}
