import { useState } from "react";
import type { NewKeyInfo } from "../../../../main/contract/key.ts";
import { PairForm } from "./pair-form.tsx";
import { PairReady } from "./pair-ready.tsx";

/** Makes a key for a device, then shows what the device needs and waits until it is there. */
export function PairDialog({ onClose }: { readonly onClose: () => void }) {
  const [made, setMade] = useState<NewKeyInfo | null>(null);
  return made === null ? <PairForm onClose={onClose} onMade={setMade} /> : <PairReady made={made} onClose={onClose} />;
}
