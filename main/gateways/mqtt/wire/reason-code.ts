/** Reason codes of MQTT 5 (§2.4), by name; those this gateway sends or looks at. */
export const REASON = {
  success: 0x00,
  disconnectWithWill: 0x04,
  noSubscription: 0x11,
  unspecified: 0x80,
  malformed: 0x81,
  protocolError: 0x82,
  implementation: 0x83,
  unsupportedVersion: 0x84,
  clientIdInvalid: 0x85,
  badCredentials: 0x86,
  notAuthorized: 0x87,
  serverUnavailable: 0x88,
  serverBusy: 0x89,
  serverShuttingDown: 0x8b,
  badAuthMethod: 0x8c,
  keepAliveTimeout: 0x8d,
  topicFilterInvalid: 0x8f,
  topicNameInvalid: 0x90,
  packetIdNotFound: 0x92,
  receiveMaximumExceeded: 0x93,
  topicAliasInvalid: 0x94,
  packetTooLarge: 0x95,
  messageRateTooHigh: 0x96,
  quotaExceeded: 0x97,
  administrativeAction: 0x98,
  connectionRateExceeded: 0x9f,
} as const;

export type ReasonCode = (typeof REASON)[keyof typeof REASON];

/** Why a packet is not accepted. The connection ends with it; MQTT 5 peers are told the code. */
export interface PacketFault {
  readonly code: ReasonCode;
  readonly why: string;
}

/** CONNACK return codes of 3.1 and 3.1.1 (§3.2.2.3) for the reasons that have one. */
export function toReturnCode(code: ReasonCode): number {
  switch (code) {
    case REASON.unsupportedVersion:
      return 1;
    case REASON.clientIdInvalid:
      return 2;
    case REASON.badCredentials:
      return 4;
    case REASON.notAuthorized:
      return 5;
    default:
      return 3;
  }
}
