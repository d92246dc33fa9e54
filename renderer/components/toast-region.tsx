import { CircleAlert, CircleCheck, X } from "lucide-react";
import { Button } from "react-aria-components";
import { useApp, useReadable } from "./app-context.tsx";

export function ToastRegion() {
  const { toasts } = useApp();
  const all = useReadable(toasts.all);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {all.map(({ id, text, tone }) => (
        <div key={id} className={`toast toast--${tone}`}>
          {tone === "good" ? <CircleCheck size={15} aria-hidden="true" /> : <CircleAlert size={15} aria-hidden="true" />}
          <span>{text}</span>
          <Button className="icon-button" aria-label="Dismiss" onPress={() => toasts.dismiss(id)}>
            <X size={13} aria-hidden="true" />
          </Button>
        </div>
      ))}
    </div>
  );
}
