import { Cable, HardDrive, Info, KeyRound, Network, Palette, ShieldCheck, type LucideIcon } from "lucide-react";
import type { ComponentType } from "react";
import type { SettingsSection } from "../../state/settings-sections.ts";
import { AboutSection } from "./about-section.tsx";
import { AppearanceSection } from "./appearance-section.tsx";
import { BridgesSection } from "./bridges/bridges-section.tsx";
import { KeysSection } from "./keys/keys-section.tsx";
import { ListenersSection } from "./listeners/listeners-section.tsx";
import { StorageSection } from "./storage/storage-section.tsx";
import { TlsSection } from "./tls/tls-section.tsx";

interface Section {
  readonly icon: LucideIcon;
  readonly View: ComponentType;
  /** Names of the drafts it may hold. */
  readonly drafts?: readonly string[];
}

/** What stands behind each section's name. */
export const SECTIONS: Readonly<Record<SettingsSection, Section>> = {
  listeners: { icon: Network, View: ListenersSection },
  keys: { icon: KeyRound, View: KeysSection },
  tls: { icon: ShieldCheck, View: TlsSection },
  storage: { icon: HardDrive, View: StorageSection, drafts: ["retention", "record"] },
  bridges: { icon: Cable, View: BridgesSection },
  appearance: { icon: Palette, View: AppearanceSection },
  about: { icon: Info, View: AboutSection },
};
