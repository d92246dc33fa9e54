import { Link2, Unplug, X } from "lucide-react";
import { useState } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { useApp, useCommands, useReadable } from "../../components/app-context.tsx";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { IconButton } from "../../components/icon-button.tsx";
import { LampLabel } from "../../components/lamp-label.tsx";
import { ProtocolBadge } from "../../components/protocol-badge.tsx";
import { useAttempt } from "../../components/use-attempt.ts";
import { useCopy } from "../../components/use-copy.ts";
import { toSpan } from "../../format/time.ts";
import { desktop } from "../../link/desktop.ts";
import type { Device } from "../../state/device-list.ts";
import { createStored } from "../../state/stored.ts";
import { DeviceOverview } from "./device-overview.tsx";
import { DeviceTraffic } from "./device-traffic.tsx";

const TABS = ["Overview", "Traffic"] as const;
type TabName = (typeof TABS)[number];
const kept = createStored<TabName>("device-tab", "Overview", (value) => TABS.find((one) => one === value) ?? null);

interface DevicePaneProps {
  /** What the address names. */
  readonly item: string;
  readonly device: Device | null;
  readonly isLoading: boolean;
}

/** Everything about one device. */
export function DevicePane({ item, device, isLoading }: DevicePaneProps) {
  const { router } = useApp();
  const close = (): void => router.go({ item: null });
  useCommands({ "item.close": close });
  if (device) return <Shown device={device} onClose={close} />;
  if (isLoading) return <div className="detail" aria-busy="true" />;
  return (
    <div className="detail">
      <header className="detail__head">
        <h2 className="detail__title">Session {item}</h2>
        <span className="detail__name" />
        <CloseButton onPress={close} />
      </header>
      <div className="empty">
        <h2>This session is over</h2>
        <p>Its device has left, or the hub was started anew since. If it is connected again, it is in the list under its name.</p>
      </div>
    </div>
  );
}

function Shown({ device, onClose }: { readonly device: Device; readonly onClose: () => void }) {
  const { toasts } = useApp();
  const copy = useCopy();
  const attempt = useAttempt();
  const tab = useReadable(kept);
  const [isAsking, setAsking] = useState(false);
  const { info, goneAt } = device;
  const isGone = goneAt !== null;
  const step = (by: number): void => kept.set(TABS[(TABS.indexOf(tab) + by + TABS.length) % TABS.length]!);
  const copyLink = (): void => {
    const path = `devices/${device.key}`;
    void copy(desktop ? `signalbox://${path}` : `${location.origin}/${path}`, "Link");
  };
  useCommands({
    "tab.next": () => step(1),
    "tab.previous": () => step(-1),
    "event.copy-link": copyLink,
    "device.disconnect": isGone ? null : () => setAsking(true),
  });
  const disconnect = async () => {
    const result = await attempt.call("sessions.disconnect", { id: info.id });
    if (result.ok) toasts.show(info.connected ? `${info.name} disconnected` : `The session of ${info.name} ended`);
    return result;
  };
  return (
    <div className="detail">
      <header className="detail__head">
        <div className="detail__name">
          <h2 className="detail__title">
            <span className="device-pane__name">{info.name}</span>
          </h2>
          <p className="detail__facts">
            <DeviceState device={device} />
            <ProtocolBadge protocol={info.protocol} />
            {info.version !== null && <span>{info.version}</span>}
          </p>
        </div>
        <IconButton label="Copy link" keys="u" onPress={copyLink}>
          <Link2 size={15} aria-hidden="true" />
        </IconButton>
        <IconButton
          label={info.connected ? "Disconnect" : "End the session"}
          keys="Del"
          isDisabled={isGone}
          onPress={() => setAsking(true)}
        >
          <Unplug size={15} aria-hidden="true" />
        </IconButton>
        <CloseButton onPress={onClose} />
      </header>
      <Tabs className="tabs" selectedKey={tab} onSelectionChange={(key) => kept.set(key as TabName)}>
        <TabList className="tabs__list" aria-label="Device">
          {TABS.map((name) => (
            <Tab key={name} id={name} className="tabs__tab">
              {name}
            </Tab>
          ))}
        </TabList>
        <TabPanel id="Overview" className="tabs__panel">
          <DeviceOverview device={device} />
        </TabPanel>
        <TabPanel id="Traffic" className="tabs__panel">
          <DeviceTraffic key={info.id} device={device} />
        </TabPanel>
      </Tabs>
      <ConfirmDialog
        title={info.connected ? `Disconnect ${info.name}?` : `End the session of ${info.name}?`}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        action={info.connected ? "Disconnect" : "End the session"}
        isDangerous
        onConfirm={disconnect}
      >
        <p>{disconnectSentence(device)}</p>
      </ConfirmDialog>
    </div>
  );
}

function disconnectSentence({ info: { connected, protocol, key, will } }: Device): string {
  if (!connected) return "What is queued for it is thrown away, and it begins anew when it comes again.";
  const willSentence = will === null ? "" : ` Its last will is published on ${will.topic}.`;
  const lasting =
    key === null
      ? " Most devices connect again at once."
      : ` Most devices connect again at once: to keep it out, switch its key “${key}” off in the settings.`;
  return `${protocol === "long-poll" ? "Its poll is answered now." : "Its connection is closed."}${willSentence}${lasting}`;
}

function DeviceState({ device: { info, goneAt } }: { readonly device: Device }) {
  const { hub } = useApp();
  if (goneAt !== null) return <LampLabel lamp="red">Left</LampLabel>;
  const span = toSpan(Math.max(1000, hub.now() - info.connectedAt)).replace(/\.\d+ s$/, " s");
  return <LampLabel lamp={info.connected ? "green" : "dark"}>{`${info.connected ? "Connected" : "Away"} for ${span}`}</LampLabel>;
}

function CloseButton({ onPress }: { readonly onPress: () => void }) {
  return (
    <IconButton label="Close details" keys="Esc" onPress={onPress}>
      <X size={15} aria-hidden="true" />
    </IconButton>
  );
}
