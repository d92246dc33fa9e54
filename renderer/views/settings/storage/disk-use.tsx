import type { LogStatus } from "../../../../main/contract/status.ts";
import { useApp, useReadable } from "../../../components/app-context.tsx";
import { plural, toCount, toSize } from "../../../format/quantity.ts";
import { Panel } from "../panel.tsx";

/** What the log takes on the disk now, part by part. */
export function DiskUse() {
  const { hub } = useApp();
  const status = useReadable(hub.status);
  if (!status) return null;
  const { log } = status;
  const parts = diskParts(log);
  const total = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <Panel
      title="Disk use"
      aside={
        <p className="disk__total">
          <strong>{toSize(total)}</strong> for {plural(log.events, "event")}
        </p>
      }
    >
      <div className="disk">
        <div className="disk__bar" aria-hidden="true">
          {parts.map(
            ({ id, bytes }) => bytes > 0 && <span key={id} className={`disk__part disk__part--${id}`} style={{ flexGrow: bytes }} />,
          )}
        </div>
        <dl className="disk__figures">
          {parts.map(({ id, name, bytes }) => (
            <div key={id}>
              <dt>
                <span className={`disk__key disk__part--${id}`} aria-hidden="true" />
                {name}
              </dt>
              <dd>{toSize(bytes)}</dd>
            </div>
          ))}
          <div>
            <dt>Free on the disk</dt>
            <dd>{log.diskFreeBytes === null ? "unknown" : toSize(log.diskFreeBytes)}</dd>
          </div>
        </dl>
        {log.indexLag > 0 && (
          <p className="disk__note">The search index is {toCount(log.indexLag)} events behind; they are searched directly meanwhile.</p>
        )}
      </div>
    </Panel>
  );
}

function diskParts(log: LogStatus) {
  return [
    { id: "events", name: "Events", bytes: log.fileBytes - log.reusableBytes },
    { id: "reusable", name: "Freed, to be used again", bytes: log.reusableBytes },
    { id: "wal", name: "Not yet moved into the file", bytes: log.walBytes },
    { id: "index", name: "Search index", bytes: log.indexBytes },
  ] as const;
}
