import { ArrowDown, ArrowUp } from "lucide-react";
import { useCallback, useEffectEvent, useLayoutEffect, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { useApp, useCommands, useReadable } from "../../components/app-context.tsx";
import { useRowWindow } from "../../components/use-row-window.ts";
import { firstDirection, type DeviceColumn } from "../../format/device-table.ts";
import type { Device } from "../../state/device-list.ts";
import { deviceSort } from "./device-choices.ts";
import { DeviceRow, deviceRowId } from "./device-row.tsx";

const ROW_HEIGHT = 30;
const HEAD_HEIGHT = 30;

const COLUMNS: readonly { readonly id: DeviceColumn | "activity"; readonly name: string; readonly hint?: string }[] = [
  { id: "name", name: "Device" },
  { id: "protocol", name: "Protocol" },
  { id: "address", name: "Address" },
  { id: "key", name: "Key" },
  { id: "since", name: "For", hint: "How long it has been connected, or away" },
  { id: "in", name: "In/s", hint: "Events from the device, over the last seconds" },
  { id: "out", name: "Out/s", hint: "Events to the device, over the last seconds" },
  { id: "activity", name: "Last minute", hint: "Events from the device upwards, to it downwards" },
  { id: "queue", name: "Queue", hint: "What waits to be sent to it" },
  { id: "subscriptions", name: "Subs", hint: "How many topic filters it follows" },
];

interface DeviceTableProps {
  readonly rows: readonly Device[];
  readonly openKey: string | null;
  readonly second: number;
  readonly isLoading: boolean;
}

/** The windowed table: as many rows exist as are in sight, however many devices there are. */
export function DeviceTable({ rows, openKey, second, isLoading }: DeviceTableProps) {
  const { hub, router } = useApp();
  const scroller = useRef<HTMLDivElement>(null);
  const view = useRowWindow(scroller, rows.length, ROW_HEIGHT, HEAD_HEIGHT);
  const [activeKey, setActiveKey] = useState<string | null>(openKey);
  const active = activeKey === null ? -1 : rows.findIndex(({ key }) => key === activeKey);

  // A link, or the browser's back and forward, opens a device: the table goes there.
  const [located, setLocated] = useState<string | null>(null);
  if (openKey !== null && openKey !== located) {
    setLocated(openKey);
    setActiveKey(openKey);
  }
  const showLocated = useEffectEvent(() => {
    if (active >= 0) view.scrollToRow(active);
  });
  useLayoutEffect(() => {
    if (located !== null) showLocated();
  }, [located]);

  const choose = useCallback(
    ({ key }: Device, open: boolean) => {
      setActiveKey(key);
      const wasOpen = router.route.get().item !== null;
      if (open || wasOpen) router.go({ item: key }, { replace: wasOpen });
    },
    [router],
  );
  const moveTo = (row: number): void => {
    const device = rows[Math.max(0, Math.min(rows.length - 1, row))];
    if (!device) return;
    choose(device, false);
    view.scrollToRow(rows.indexOf(device));
  };
  const pageRows = Math.max(1, view.end - view.first - 13);
  const none = rows.length === 0;
  useCommands({
    "list.next": none ? null : () => moveTo(active + 1),
    "list.previous": none ? null : () => moveTo(active < 0 ? 0 : active - 1),
    "list.page-down": none ? null : () => moveTo(active + pageRows),
    "list.page-up": none ? null : () => moveTo(active - pageRows),
    "list.first": none ? null : () => moveTo(0),
    "list.last": none ? null : () => moveTo(rows.length - 1),
    "item.open": active < 0 ? null : () => choose(rows[active]!, true),
    "item.close": activeKey === null && openKey === null ? null : () => (openKey === null ? setActiveKey(null) : router.go({ item: null })),
  });

  // Spans older than a minute need no redrawing each second.
  const now = hub.now();
  return (
    <div className="list">
      <div
        ref={scroller}
        className="list__scroll"
        role="grid"
        aria-label="Devices"
        aria-rowcount={rows.length + 1}
        aria-colcount={COLUMNS.length}
        aria-busy={isLoading}
        aria-activedescendant={active >= view.first && active < view.end && rows[active] ? deviceRowId(rows[active].key) : undefined}
        tabIndex={0}
      >
        <DeviceTableHead />
        <div className="list__rows" role="rowgroup" style={{ height: view.height }}>
          {rows.slice(view.first, view.end).map((device, at) => {
            const age = now - device.info.connectedAt;
            return (
              <DeviceRow
                key={device.key}
                device={device}
                row={view.first + at}
                top={view.topOf(view.first + at)}
                isActive={view.first + at === active}
                isOpen={device.key === openKey}
                second={device.rates.received.length > 0 ? second : 0}
                now={age < 60_000 ? now : device.info.connectedAt + Math.floor(age / 60_000) * 60_000}
                onChoose={choose}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

function DeviceTableHead() {
  const sort = useReadable(deviceSort);
  const press = (column: DeviceColumn): void =>
    deviceSort.set({ column, descending: column === sort.column ? !sort.descending : firstDirection(column) });
  return (
    <div className="list__head device-grid" role="row" aria-rowindex={1}>
      {COLUMNS.map(({ id, name, hint }) => {
        const isSorted = id === sort.column;
        const Arrow = sort.descending ? ArrowDown : ArrowUp;
        return (
          <span
            key={id}
            role="columnheader"
            className={`cell cell--${id}`}
            title={hint}
            aria-sort={id === "activity" ? undefined : isSorted ? (sort.descending ? "descending" : "ascending") : "none"}
          >
            {id === "activity" ? (
              name
            ) : (
              <Button className={isSorted ? "sort sort--on" : "sort"} onPress={() => press(id)}>
                {name}
                {isSorted && <Arrow size={12} aria-hidden="true" />}
              </Button>
            )}
          </span>
        );
      })}
    </div>
  );
}
