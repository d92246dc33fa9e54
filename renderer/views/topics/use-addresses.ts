import { useApp, useReadable } from "../../components/app-context.tsx";
import { ingressUrl } from "../../state/hub-status.ts";
import type { DeviceAddresses } from "../../format/topic-commands.ts";

/** Where devices reach the hub, as it says itself; what is switched off is null. */
export function useAddresses(): DeviceAddresses {
  const { hub } = useApp();
  const status = useReadable(hub.status);
  const mqtt = status?.listeners.find((one) => one.name === "mqtt")?.url;
  const [, host, port] = /^mqtt:\/\/(.*):(\d+)/.exec(mqtt ?? "") ?? [];
  return { mqtt: host && port ? { host, port } : null, http: ingressUrl(status) };
}
