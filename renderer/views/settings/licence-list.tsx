import { useEffect, useState } from "react";
import { Button, Disclosure, DisclosurePanel, Heading } from "react-aria-components";
import { ChevronRight } from "lucide-react";
import { parseLicences, type Licence } from "../../format/licences.ts";

/** The packages that are built in, each with its licence's text; written beside the page when it is built. */
export function LicenceList() {
  const [licences, setLicences] = useState<readonly Licence[] | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  useEffect(() => {
    const read = async (): Promise<void> => {
      try {
        const response = await fetch("/licences.json");
        const found = parseLicences(response.ok ? await response.json() : null);
        if (found) setLicences(found);
        else setFault(`The list of licences is missing from this build (${response.status}).`);
      } catch (error) {
        setFault(`The list of licences could not be read: ${error instanceof Error ? error.message : String(error)}`);
      }
    };
    void read();
  }, []);
  if (fault) return <p className="panel__text">{fault}</p>;
  if (!licences) return <p className="panel__text">Reading the list…</p>;
  return (
    <div className="licences">
      {licences.map(({ name, version, licence, text }) => (
        <Disclosure key={name} className="licence">
          {({ isExpanded }) => (
            <>
              <Heading level={4}>
                <Button slot="trigger" className="licence__head">
                  <ChevronRight size={14} aria-hidden="true" />
                  <span className="licence__name">{name}</span>
                  <span className="licence__version">{version}</span>
                  <span className="licence__kind">{licence}</span>
                </Button>
              </Heading>
              <DisclosurePanel>{isExpanded && <pre className="licence__text">{text}</pre>}</DisclosurePanel>
            </>
          )}
        </Disclosure>
      ))}
    </div>
  );
}
