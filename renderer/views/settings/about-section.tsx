import { FolderOpen } from "lucide-react";
import { Button } from "react-aria-components";
import { useApp, useReadable } from "../../components/app-context.tsx";
import { desktop } from "../../link/desktop.ts";
import { toSize } from "../../format/quantity.ts";
import { toDateTime, toSpan } from "../../format/time.ts";
import { Fact, FactList } from "../detail/fact-list.tsx";
import { LicenceList } from "./licence-list.tsx";
import { Panel } from "./panel.tsx";
import { SectionHead } from "./section-head.tsx";

/** What is running here, and what it is made of. */
export function AboutSection() {
  const { hub } = useApp();
  const status = useReadable(hub.status);
  return (
    <>
      <SectionHead title="About" lead="Signalbox: one durable, ordered log for webhooks and devices." />
      {status && (
        <Panel title="This hub">
          <div className="panel__facts">
            <FactList title="Program">
              <Fact name="Version" copy={status.version}>
                {status.version}
              </Fact>
              <Fact name="Running since">
                {toDateTime(status.startedAt).replace(/\.\d+$/, "")}
                <span className="fact__aside">{toSpan(Math.max(0, status.now - status.startedAt))}</span>
              </Fact>
              <Fact name="Process">
                {status.pid}
                <span className="fact__aside">{toSize(status.memoryBytes)} of memory</span>
              </Fact>
            </FactList>
            <FactList title="Log">
              <Fact name="Data folder" copy={status.dataFolder}>
                <code>{status.dataFolder}</code>
              </Fact>
              <Fact name="Log id" copy={status.log.id}>
                <code>{status.log.id}</code>
                <span className="fact__aside">in front of every event&rsquo;s id</span>
              </Fact>
              {status.log.schemaVersion !== undefined && (
                <Fact name="Schema">
                  {status.log.schemaVersion}
                  <span className="fact__aside">of the log&rsquo;s file</span>
                </Fact>
              )}
            </FactList>
            {desktop && (
              <Button className="button" onPress={() => void desktop?.revealDataFolder()}>
                <FolderOpen size={14} aria-hidden="true" />
                Show the data folder
              </Button>
            )}
          </div>
        </Panel>
      )}
      <Panel title="Licences" lead="Signalbox is under the MIT licence, and stands on the work of many others.">
        <LicenceList />
      </Panel>
    </>
  );
}
