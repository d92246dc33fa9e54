/** The sections of Settings by the last part of their address, /settings/<id>; the first is shown without one. */
export const SETTINGS_SECTIONS = [
  { id: "listeners", title: "Listeners" },
  { id: "keys", title: "Keys" },
  { id: "tls", title: "TLS" },
  { id: "storage", title: "Storage" },
  { id: "bridges", title: "Bridges" },
  { id: "appearance", title: "Appearance" },
  { id: "about", title: "About" },
] as const;

export type SettingsSection = (typeof SETTINGS_SECTIONS)[number]["id"];
