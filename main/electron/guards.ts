import { app, shell, type Session, type WebContents } from "electron";
import { parseOutsideLink } from "./outside-link.ts";
import { isPageUrl } from "./page-origin.ts";

/** Copying an event is the one thing that needs a permission; it lets a page write the clipboard, not read it. */
const PERMISSIONS: ReadonlySet<string> = new Set(["clipboard-sanitized-write"]);

/** What no page in this app may ever do, whichever window it is in. The numbers are those of Electron's security checklist. */
export function guardApp(): void {
  app.on("web-contents-created", (_event, contents) => guardContents(contents));
  app.on("certificate-error", (event, _contents, _url, _error, _certificate, decide) => {
    event.preventDefault();
    decide(false);
  });
}

/** Denies permissions (5), devices, downloads, and every request that is not for the app's own files (1, 4, 18). */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, decide) =>
    decide(PERMISSIONS.has(permission) && isPageUrl(contents.getURL())),
  );
  session.setPermissionCheckHandler((_contents, permission, origin) => PERMISSIONS.has(permission) && isPageUrl(origin));
  session.setDevicePermissionHandler(() => false);
  session.on("will-download", (event) => event.preventDefault());
  session.webRequest.onBeforeRequest(
    { urls: ["http://*/*", "https://*/*", "ws://*/*", "wss://*/*", "ftp://*/*", "file://*/*"] },
    ({ url }, decide) => decide({ cancel: !isPageUrl(url) }),
  );
}

/** Denies navigation away from the page (13), new windows (14) and webviews (12); a link to https goes to the browser (15). */
function guardContents(contents: WebContents): void {
  contents.on("will-frame-navigate", (event) => {
    if (!event.isMainFrame || !isPageUrl(event.url)) event.preventDefault();
  });
  contents.on("will-navigate", (event, url) => {
    if (!isPageUrl(url)) event.preventDefault();
  });
  contents.on("will-redirect", (event) => event.preventDefault());
  contents.on("will-attach-webview", (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    const link = parseOutsideLink(url);
    if (link) void shell.openExternal(link);
    return { action: "deny" };
  });
}
