import "../../styles/devices.css";
import "../../styles/device-pane.css";
import "../../styles/pairing.css";
import { useEffect, useMemo, useState } from "react";
import { useApp, useCommands, useReadable } from "../../components/app-context.tsx";
import { SplitPane } from "../../components/split-pane.tsx";
import { parseDeviceFilter, passesDeviceFilter, sortDevices } from "../../format/device-table.ts";
import { findDevice } from "../../state/device-list.ts";
import { DeviceLog } from "./device-log.tsx";
import { DevicePane } from "./device-pane.tsx";
import { DeviceTable } from "./device-table.tsx";
import { DevicesToolbar } from "./devices-toolbar.tsx";
import { EmptyDevices } from "./empty-devices.tsx";
import { devicesShown, deviceSort } from "./device-choices.ts";
import { PairDialog } from "./pair/pair-dialog.tsx";

/** Who is connected, over all gateways, and everything about one of them beside it. */
export function DevicesPage() {
  const { devices: store, router } = useApp();
  const { item, filter } = useReadable(router.route);
  const view = useReadable(store.view);
  const sort = useReadable(deviceSort);
  const shown = useReadable(devicesShown);
  const [isPairing, setPairing] = useState(false);
  useEffect(() => store.start(), [store]);

  const open = item === null ? null : findDevice(view.devices, item);
  const openKey = open?.key ?? null;
  useEffect(() => store.hold(openKey), [store, openKey]);

  const rows = useMemo(() => {
    const wanted = parseDeviceFilter(filter);
    return sortDevices(
      [...view.devices.values()].filter((device) => passesDeviceFilter(device, wanted)),
      sort,
    );
  }, [view.devices, filter, sort]);
  useCommands({ "device.pair": () => setPairing(true) });

  const isEmpty = rows.length === 0 && view.status !== "loading";
  return (
    <main className="devices">
      <h1 className="visually-hidden">Devices</h1>
      <DevicesToolbar filter={filter} onPair={() => setPairing(true)} />
      <SplitPane
        side={item === null ? null : <DevicePane key={openKey ?? item} item={item} device={open} isLoading={view.status === "loading"} />}
        sideLabel="Device details"
      >
        {shown === "log" ? (
          <DeviceLog filter={filter} />
        ) : isEmpty ? (
          <EmptyDevices filter={filter} onPair={() => setPairing(true)} />
        ) : (
          <DeviceTable rows={rows} openKey={openKey} second={view.second} isLoading={view.status === "loading"} />
        )}
      </SplitPane>
      {isPairing && <PairDialog onClose={() => setPairing(false)} />}
    </main>
  );
}
