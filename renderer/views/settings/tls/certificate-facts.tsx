import { Fragment } from "react";
import type { CertificateInfo } from "../../../../main/contract/listener.ts";
import { useApp } from "../../../components/app-context.tsx";
import { LampLabel } from "../../../components/lamp-label.tsx";
import { toDay, toRelative } from "../../../format/time.ts";
import { Fact, FactList } from "../../detail/fact-list.tsx";

const SOON_MS = 30 * 86_400_000;

/** What a person checks of a certificate. */
export function CertificateFacts({ of: certificate }: { readonly of: CertificateInfo }) {
  const { hub } = useApp();
  const { subject, issuer, names, fingerprint, validFromAt, validUntilAt } = certificate;
  const left = validUntilAt - hub.now();
  return (
    <div className="panel__facts">
      <FactList>
        <Fact name="Subject">
          <code>{subject}</code>
        </Fact>
        {issuer !== subject && (
          <Fact name="Issued by">
            <code>{issuer}</code>
          </Fact>
        )}
        <Fact name="Good for">
          <span className="pills">
            {names.map((name) => (
              <code key={name} className="filter-chip">
                {name}
              </code>
            ))}
          </span>
        </Fact>
        <Fact name="Valid">
          {toDay(validFromAt)} to {toDay(validUntilAt)}
          <LampLabel lamp={left <= 0 ? "red" : left < SOON_MS ? "amber" : "green"}>
            {left <= 0 ? "ended" : "ends"} {toRelative(validUntilAt, hub.now())}
          </LampLabel>
        </Fact>
        <Fact name="SHA-256" copy={fingerprint}>
          <code>
            {fingerprint.split(":").map((byte, at) => (
              // A fingerprint's bytes have no identity beside their place.
              // oxlint-disable-next-line react/no-array-index-key
              <Fragment key={at}>
                {at > 0 && ":"}
                <wbr />
                {byte}
              </Fragment>
            ))}
          </code>
        </Fact>
      </FactList>
    </div>
  );
}
