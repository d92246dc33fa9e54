import { Download, RefreshCw, ShieldCheck } from "lucide-react";
import { useState } from "react";
import { Button } from "react-aria-components";
import { useApp } from "../../../components/app-context.tsx";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { CopyButton } from "../../../components/copy-button.tsx";
import { Notice } from "../../../components/notice.tsx";
import { useAttempt } from "../../../components/use-attempt.ts";
import { useCallResult } from "../../../components/use-call-result.ts";
import { saveFile } from "../../../link/save-file.ts";
import { CallGap } from "../call-gap.tsx";
import { Panel } from "../panel.tsx";
import { SectionHead } from "../section-head.tsx";
import { CertificateFacts } from "./certificate-facts.tsx";

const OWN_FILES = "tls-cert: /path/to/certificate.pem\ntls-key: /path/to/private-key.pem";

/** The certificate of the listeners with TLS. */
export function TlsSection() {
  const { router, toasts } = useApp();
  const tls = useCallResult("tls.get", {});
  const attempt = useAttempt();
  const [isAsking, setAsking] = useState(false);
  const { certificate = null, warning = null } = tls.value ?? {};
  const renew = async () => {
    const result = await attempt.call("tls.renew", {});
    if (result.ok) {
      tls.set(result.value);
      toasts.show(result.value.certificate?.own ? "The files are read again" : "A new certificate is in use");
    } else if (!isAsking) toasts.show(result.refusal.message, "bad");
    return result;
  };
  const download = (pem: string): void => void saveFile("signalbox-certificate.pem", new TextEncoder().encode(pem));
  return (
    <>
      <SectionHead title="TLS" lead="The certificate that the encrypted listeners, Ingress over TLS and MQTT over TLS, show to devices." />
      {!tls.value && <CallGap state={tls} />}
      {warning && <Notice tone="warn">{warning}</Notice>}
      {tls.value && !certificate && (
        <div className="panel empty">
          <ShieldCheck size={28} aria-hidden="true" />
          <h3>No certificate yet</h3>
          <p>One is made by itself the first time an encrypted listener is switched on.</p>
          <Button className="button" onPress={() => router.go({ page: "settings", item: "listeners" })}>
            Go to the listeners
          </Button>
        </div>
      )}
      {certificate && (
        <Panel
          title="Certificate in use"
          lead={
            certificate.own ? "From your own files." : "Made by Signalbox, and renewed before it ends. Devices have to be told to trust it."
          }
        >
          <CertificateFacts of={certificate} />
          <div className="panel__actions">
            <Button className="button" onPress={() => download(certificate.pem)}>
              <Download size={14} aria-hidden="true" />
              Download for devices
            </Button>
            <CopyButton text={certificate.pem} what="Certificate" labelled />
            <Button className="button" isPending={attempt.isBusy} onPress={() => (certificate.own ? void renew() : setAsking(true))}>
              <RefreshCw size={14} aria-hidden="true" />
              {certificate.own ? "Read the files again" : "Make a new one…"}
            </Button>
          </div>
        </Panel>
      )}
      {tls.value && (
        <Panel
          title="Use your own"
          lead="Name a certificate (with its chain) and its private key in signalbox.yaml, then restart the hub. When the files change, they are read again by themselves."
        >
          <div className="panel__text">
            <div className="command-line command-line--lines">
              <code>{OWN_FILES}</code>
              <CopyButton text={OWN_FILES} what="Settings" />
            </div>
          </div>
        </Panel>
      )}
      <ConfirmDialog
        title="Make a new certificate?"
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        action="Make a new one"
        isDangerous
        onConfirm={renew}
      >
        <p>Devices that trust the present one refuse to connect until they are given the new one. Those that are connected stay so.</p>
      </ConfirmDialog>
    </>
  );
}
