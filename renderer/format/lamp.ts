import type { EventState, Verdict } from "../../main/contract/event.ts";

/** The lamp that stands for something: green runs, amber asks for a look, red stopped, dark says nothing. */
export type Lamp = "green" | "amber" | "red" | "dark";

export function statusLamp(status: number): Lamp {
  if (status >= 400) return "red";
  return status >= 300 ? "amber" : "green";
}

export function verdictLamp(verdict: Verdict): Lamp {
  switch (verdict) {
    case "verified":
      return "green";
    case "failed":
      return "red";
    case "unverifiable":
      return "amber";
    case "not-configured":
      return "dark";
  }
}

export function stateLamp(state: EventState): Lamp {
  switch (state) {
    case "accepted":
      return "green";
    case "refused":
      return "red";
    case "duplicate":
      return "amber";
    case "handshake":
      return "dark";
  }
}

export const VERDICT_LABELS: Readonly<Record<Verdict, string>> = {
  "not-configured": "Not checked",
  verified: "Verified",
  failed: "Failed",
  unverifiable: "Unverifiable",
};

export const STATE_LABELS: Readonly<Record<EventState, string>> = {
  accepted: "Accepted",
  duplicate: "Duplicate",
  refused: "Refused",
  handshake: "Handshake",
};
