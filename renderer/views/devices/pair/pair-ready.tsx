import { useState } from "react";
import { Button, Dialog, Heading, Modal, ModalOverlay, Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import type { NewKeyInfo } from "../../../../main/contract/key.ts";
import { useApp } from "../../../components/app-context.tsx";
import { CopyButton } from "../../../components/copy-button.tsx";
import { Notice } from "../../../components/notice.tsx";
import { PageLink } from "../../../components/page-link.tsx";
import { SelectRow } from "../../../components/select-row.tsx";
import { deviceSnippets, type Snippet } from "../../../format/device-snippets.ts";
import { connectionUri, expandFor, type DeviceKey, type HubAddress } from "../../../format/pairing.ts";
import { useHubAddresses } from "../use-hub-addresses.ts";
import { ArrivalStatus } from "./arrival-status.tsx";
import { QrCode } from "./qr-code.tsx";
import { useArrival } from "./use-arrival.ts";

/** Everything the device needs to connect, and whether it has. The secret is shown this once, so only its own button closes it. */
export function PairReady({ made, onClose }: { readonly made: NewKeyInfo; readonly onClose: () => void }) {
  const { router } = useApp();
  const addresses = useHubAddresses();
  const arrival = useArrival(made);
  const [chosen, setChosen] = useState<string | null>(null);
  const address = addresses?.find(({ host }) => host === chosen) ?? addresses?.[0] ?? null;
  const key: DeviceKey = {
    name: made.name,
    secret: made.secret,
    topic: expandFor(made.publish, made.name)?.topic ?? null,
    filter: expandFor(made.subscribe, made.name)?.filter ?? null,
  };
  const uri = address && connectionUri(address, key);
  const snippets = address ? deviceSnippets(address, key) : [];
  const show = (): void => {
    onClose();
    if (arrival.device) router.go({ page: "devices", item: arrival.device.key });
    else if (arrival.event) router.go({ page: "events", item: arrival.event.id });
  };
  const hasCome = arrival.device !== null || arrival.event !== null;
  return (
    <ModalOverlay className="overlay" isOpen isKeyboardDismissDisabled>
      <Modal className="dialog dialog--pair">
        <Dialog className="dialog__body">
          <header className="dialog__head pair__head">
            <Heading slot="title">Connect {made.name}</Heading>
          </header>
          <div className="pair">
            <div className="pair__facts">
              {addresses && addresses.length > 0 && (
                <SelectRow
                  label="Address of this hub"
                  choices={addresses.map(({ host, isLoopback }) => ({
                    id: host,
                    label: host,
                    hint: isLoopback ? "this machine only" : "your network",
                  }))}
                  value={address?.host ?? ""}
                  onChange={setChosen}
                />
              )}
              {addresses && <Reach addresses={addresses} address={address} onLeave={onClose} />}
              <div className="field">
                <span className="field__label">Secret, shown this once</span>
                <div className="command-line command-line--secret">
                  <code>{made.secret}</code>
                  <CopyButton text={made.secret} what="Secret" />
                </div>
              </div>
              {uri && (
                <div className="pair__qr">
                  <QrCode text={uri} label={`QR code of the address, name and secret for ${made.name}`} />
                  <div className="pair__uri">
                    <span className="field__label">All in one</span>
                    <p>Address, name and secret as one link: for apps that scan it, or to paste.</p>
                    <CopyButton text={uri} what="Link" labelled />
                  </div>
                </div>
              )}
            </div>
            {snippets.length > 0 && <Snippets snippets={snippets} />}
          </div>
          <footer className="dialog__foot pair__foot">
            <ArrivalStatus arrival={arrival} name={made.name} />
            <Button className={hasCome ? "button" : "button button--primary"} onPress={onClose}>
              {hasCome ? "Close" : "I have the secret"}
            </Button>
            {hasCome && (
              <Button className="button button--primary" onPress={show}>
                Show it
              </Button>
            )}
          </footer>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

interface ReachProps {
  readonly addresses: readonly HubAddress[];
  readonly address: HubAddress | null;
  readonly onLeave: () => void;
}

/** Who can dial the address at all, and how that is changed. */
function Reach({ addresses, address, onLeave }: ReachProps) {
  const settings = (
    <span onClickCapture={onLeave}>
      <PageLink to={{ page: "settings", item: "listeners" }}>Settings, under Listeners</PageLink>
    </span>
  );
  if (address === null)
    return (
      <Notice tone="bad" title="No listener for devices is on.">
        Switch one on in {settings}.
      </Notice>
    );
  if (addresses.every(({ isLoopback }) => isLoopback))
    return (
      <Notice tone="warn" title="Only this machine can reach the hub.">
        Its listeners are on {address.host}. To let devices in from your network, let them listen on every address in {settings}, or start
        it with <code>--mqtt 0.0.0.0:{address.mqtt?.port ?? 1883}</code>.
      </Notice>
    );
  if (address.isLoopback) return <Notice tone="info">With this address only programs on this machine can connect.</Notice>;
  return null;
}

function Snippets({ snippets }: { readonly snippets: readonly Snippet[] }) {
  return (
    <Tabs className="tabs pair__snippets">
      <TabList className="tabs__list" aria-label="Kind of device">
        {snippets.map(({ id, title }) => (
          <Tab key={id} id={id} className="tabs__tab">
            {title}
          </Tab>
        ))}
      </TabList>
      {snippets.map(({ id, text, needs }) => (
        <TabPanel key={id} id={id} className="tabs__panel pair__panel">
          <div className="pair__code">
            {/* What scrolls must be reachable by keyboard (WCAG 2.1.1). */}
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
            <pre tabIndex={0}>{text}</pre>
            <CopyButton text={text} what="Code" labelled />
          </div>
          <p className="pair__needs">Needs: {needs}</p>
        </TabPanel>
      ))}
    </Tabs>
  );
}
