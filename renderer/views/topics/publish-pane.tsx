import { X } from "lucide-react";
import { IconButton } from "../../components/icon-button.tsx";
import { PublishForm } from "./publish-form.tsx";

/** Publishing without a topic that is open. */
export function PublishPane({ onClose }: { readonly onClose: () => void }) {
  return (
    <div className="detail">
      <header className="detail__head">
        <div className="detail__name">
          <h2 className="detail__title">Publish</h2>
          <p className="detail__facts">To any topic, for every subscriber of every protocol</p>
        </div>
        <IconButton label="Close" keys="Esc" onPress={onClose}>
          <X size={15} aria-hidden="true" />
        </IconButton>
      </header>
      <PublishForm topic="" />
    </div>
  );
}
