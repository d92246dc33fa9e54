import { Monitor, Moon, Sun } from "lucide-react";
import { Radio, RadioGroup } from "react-aria-components";
import { useReadable } from "../../components/app-context.tsx";
import { THEMES, theme, type Theme } from "../../state/theme.ts";
import { Panel } from "./panel.tsx";
import { SectionHead } from "./section-head.tsx";

const THEME_LOOKS = {
  system: [Monitor, "As the system", "Light by day and dark by night, if the system does that."],
  light: [Sun, "Light", "For bright rooms."],
  dark: [Moon, "Dark", "For dim rooms and wall screens."],
} as const satisfies Record<Theme, unknown>;

/** How the inspector looks in this window; kept in this browser and nobody else's concern. */
export function AppearanceSection() {
  const chosen = useReadable(theme);
  return (
    <>
      <SectionHead title="Appearance" lead="For this window alone. The hub and other people's windows are not touched." />
      <Panel title="Theme">
        <RadioGroup className="choices" aria-label="Theme" value={chosen} onChange={(value) => theme.set(value as Theme)}>
          {THEMES.map((one) => {
            const [Icon, label, hint] = THEME_LOOKS[one];
            return (
              <Radio key={one} value={one} className="choice">
                <Icon size={18} aria-hidden="true" />
                <span className="choice__label">{label}</span>
                <span className="choice__hint">{hint}</span>
              </Radio>
            );
          })}
        </RadioGroup>
      </Panel>
      <Panel title="Motion">
        <p className="panel__text">
          The little motion there is follows the system: with “reduce motion” nothing moves by itself. That is{" "}
          {matchMedia("(prefers-reduced-motion: reduce)").matches ? "set" : "not set"} here.
        </p>
      </Panel>
    </>
  );
}
