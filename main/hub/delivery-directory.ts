import type { DeliveryDetail, DeliveryPage, DeliveryQuery, Redelivered, Redelivery } from "../contract/delivery.ts";
import type { EndpointChange, EndpointInfo, EndpointSaved, EndpointTried, SecretRotation } from "../contract/endpoint.ts";
import { refuse, type Result } from "../contract/errors.ts";

/** The outbound webhook targets, and what is sent to them. What is changed is durable when it resolves. */
export interface DeliveryDirectory {
  /** By name. */
  endpoints(): readonly EndpointInfo[];
  /** Refuses PARAMS_INVALID, TOPIC_INVALID, TARGET_REFUSED, ENDPOINT_LIMIT. */
  save(change: EndpointChange): Promise<Result<EndpointSaved>>;
  /** With its deliveries. Refuses ENDPOINT_NOT_FOUND, as the others by name do. */
  remove(name: string): Promise<Result<void>>;
  rotateSecret(rotation: SecretRotation): Promise<Result<EndpointSaved>>;
  /** Posts a small event that is in no log, once. */
  test(name: string): Promise<Result<EndpointTried>>;
  list(query: DeliveryQuery): Promise<Result<DeliveryPage>>;
  get(id: string): Promise<Result<DeliveryDetail>>;
  redeliver(wanted: Redelivery): Promise<Result<Redelivered>>;
}

const NOT_NOW = refuse("HUB_STOPPING", "Nothing can be delivered while the hub starts or stops. Try again in a moment.");

export const NO_DELIVERIES: DeliveryDirectory = {
  endpoints: () => [],
  save: async () => NOT_NOW,
  remove: async () => NOT_NOW,
  rotateSecret: async () => NOT_NOW,
  test: async () => NOT_NOW,
  list: async () => NOT_NOW,
  get: async () => NOT_NOW,
  redeliver: async () => NOT_NOW,
};
