import { Cable, HardDrive, Info, KeyRound, Network, Palette, ShieldCheck, type LucideIcon } from "lucide-react";
import type { ComponentType } from "react";
import { AboutSection } from "./about-section.tsx";
import { AppearanceSection } from "./appearance-section.tsx";
import { BridgesSection } from "./bridges/bridges-section.tsx";
import { KeysSection } from "./keys/keys-section.tsx";
import { ListenersSection } from "./listeners/listeners-section.tsx";
import { StorageSection } from "./storage/storage-section.tsx";
import { TlsSection } from "./tls/tls-section.tsx";

export interface Section {
  /** In the address: /settings/<id>. */
  readonly id: string;
  readonly title: string;
  readonly icon: LucideIcon;
  readonly View: ComponentType;
  /** Names of the drafts it may hold. */
  readonly drafts?: readonly string[];
}

export const SECTIONS: readonly Section[] = [
  { id: "listeners", title: "Listeners", icon: Network, View: ListenersSection },
  { id: "keys", title: "Keys", icon: KeyRound, View: KeysSection },
  { id: "tls", title: "TLS", icon: ShieldCheck, View: TlsSection },
  { id: "storage", title: "Storage", icon: HardDrive, View: StorageSection, drafts: ["retention", "record"] },
  { id: "bridges", title: "Bridges", icon: Cable, View: BridgesSection },
  { id: "appearance", title: "Appearance", icon: Palette, View: AppearanceSection },
  { id: "about", title: "About", icon: Info, View: AboutSection },
];
