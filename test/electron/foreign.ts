// What the app, the page or Chromium hands in has any shape at all, as it has for Electron itself.
// oxlint-disable typescript/no-explicit-any
export type Foreign = any;
export type Callback = (...args: any[]) => any;
