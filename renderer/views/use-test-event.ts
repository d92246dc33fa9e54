import { useApp } from "../components/app-context.tsx";
import { toRefusal } from "../link/connection.ts";

/** Publishes a small event through the hub itself: as real as any other, stored before it is shown. */
export function useTestEvent(): () => Promise<void> {
  const { connection, toasts } = useApp();
  return async () => {
    const payload = JSON.stringify({
      message: "Hello from Signalbox",
      sentAt: new Date().toISOString(),
      lamps: { green: 1, amber: 0, red: 0 },
    });
    try {
      const { seq } = await connection.call("events.publish", { topic: "signalbox/hello", payload, contentType: "application/json" });
      toasts.show(`Stored as event #${seq}`);
    } catch (error) {
      toasts.show(`The test event was not stored. ${toRefusal(error).message}`, "bad");
    }
  };
}
