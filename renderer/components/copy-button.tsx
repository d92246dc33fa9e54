import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { IconButton } from "./icon-button.tsx";
import { useCopy } from "./use-copy.ts";

interface CopyButtonProps {
  readonly text: string | (() => string);
  /** What it is: "Header", "Path". */
  readonly what: string;
  /** With a word on it instead of the picture alone. */
  readonly labelled?: boolean;
}

const SHOWN_MS = 1500;

export function CopyButton({ text, what, labelled = false }: CopyButtonProps) {
  const copy = useCopy();
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [done]);
  const press = async (): Promise<void> => setDone(await copy(typeof text === "function" ? text() : text, what));
  const icon = done ? <Check size={14} aria-hidden="true" /> : <Copy size={14} aria-hidden="true" />;
  if (!labelled)
    return (
      <IconButton label={`Copy ${what.toLowerCase()}`} onPress={() => void press()}>
        {icon}
      </IconButton>
    );
  return (
    <Button className="button" onPress={() => void press()}>
      {icon}
      {done ? "Copied" : `Copy ${what.toLowerCase()}`}
    </Button>
  );
}
