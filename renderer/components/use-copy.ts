import { useApp } from "./app-context.tsx";

/** Puts text on the clipboard and says so; says what to do when the browser does not allow it. */
export function useCopy(): (text: string | Promise<string>, what: string) => Promise<boolean> {
  const { toasts } = useApp();
  return async (text, what) => {
    try {
      await navigator.clipboard.writeText(await text);
      toasts.show(`${what} copied`);
      return true;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      toasts.show(`${what} could not be copied: ${reason}`, "bad");
      return false;
    }
  };
}
