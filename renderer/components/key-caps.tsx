import { Fragment } from "react";
import { desktop } from "../link/desktop.ts";

const IS_MAC = (desktop?.platform ?? navigator.platform).toLowerCase().startsWith("mac") || desktop?.platform === "darwin";
const NAMES: Readonly<Record<string, string>> = {
  " ": "Space",
  ArrowDown: "↓",
  ArrowUp: "↑",
  Escape: "Esc",
  PageDown: "PgDn",
  PageUp: "PgUp",
};
/** Two keys, one after the other: `g e`. */
const SEQUENCE = /^(\S) (\S)$/;

export function keyName(key: string): string {
  const parts = key.startsWith("Mod+") ? [IS_MAC ? "⌘" : "Ctrl", key.slice(4).toUpperCase()] : [NAMES[key] ?? key];
  return parts.join(IS_MAC ? "" : " ");
}

/** The keys of a command, any of which will do. */
export function KeyCaps({ keys }: { readonly keys: readonly string[] }) {
  return (
    <span className="key-caps">
      {keys.map((key, at) => {
        const [, first = keyName(key), second] = SEQUENCE.exec(key) ?? [];
        return (
          <Fragment key={key}>
            {at > 0 && <span className="key-caps__or">or</span>}
            <kbd>{first}</kbd>
            {second !== undefined && <kbd>{second}</kbd>}
          </Fragment>
        );
      })}
    </span>
  );
}
