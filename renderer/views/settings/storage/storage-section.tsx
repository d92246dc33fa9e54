import { useState } from "react";
import { Button } from "react-aria-components";
import { useApp } from "../../../components/app-context.tsx";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { Notice } from "../../../components/notice.tsx";
import { useAttempt } from "../../../components/use-attempt.ts";
import { useCallResult } from "../../../components/use-call-result.ts";
import { draftOf } from "../../../state/drafts.ts";
import { CallGap } from "../call-gap.tsx";
import { SectionHead } from "../section-head.tsx";
import { DiskUse } from "./disk-use.tsx";
import { RecordPanel } from "./record-panel.tsx";
import { RetentionPanel } from "./retention-panel.tsx";

/** What the log holds, for how long, and what it takes on the disk. */
export function StorageSection() {
  const { toasts } = useApp();
  const settings = useCallResult("settings.get", {});
  const attempt = useAttempt();
  const [isAsking, setAsking] = useState(false);
  const reset = async () => {
    const result = await attempt.call("settings.reset", {});
    if (result.ok) {
      draftOf("retention").set(null);
      draftOf("record").set(null);
      settings.set(result.value);
      toasts.show("Back to what the settings file says");
    }
    return result;
  };
  return (
    <>
      <SectionHead title="Storage" lead="Every event is stored before it is acknowledged. What stays, for how long, and what that takes." />
      <DiskUse />
      {settings.value ? (
        <>
          <RetentionPanel saved={settings.value.retention} onSaved={settings.set} />
          <RecordPanel saved={settings.value.record} onSaved={settings.set} />
          {settings.value.changed && (
            <Notice tone="info">
              <p>These settings were changed here and stand instead of what the settings file says.</p>
              <Button className="button button--small" onPress={() => setAsking(true)}>
                Back to the settings file…
              </Button>
            </Notice>
          )}
        </>
      ) : (
        <CallGap state={settings} />
      )}
      <ConfirmDialog
        title="Go back to the settings file?"
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        action="Go back"
        isDangerous
        onConfirm={reset}
      >
        <p>
          Retention and record rules set here are forgotten. If the settings file keeps less than now, the oldest events are removed for
          good.
        </p>
      </ConfirmDialog>
    </>
  );
}
