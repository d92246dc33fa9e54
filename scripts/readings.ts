import { newEvent } from "../test/support/new-event.ts";
import type { NewEvent } from "../main/hub/ports.ts";

const HOUR = 3_600_000;
const ROOMS = ["kitchen", "living-room", "bedroom", "bathroom", "office", "hall"] as const;
const MACHINES = ["press-1", "press-2", "lathe", "mill"] as const;

/** One reading of a device: what it says at a moment (epoch ms) of the day. */
interface Reading {
  readonly topic: string;
  readonly everyMs: number;
  readonly retained?: boolean;
  readonly contentType?: string;
  readonly valueAt: (time: number) => string;
}

/** Between -1 and 1, the same for the same number: noise that is the same in every picture. */
function noise(seed: number): number {
  const x = Math.sin(seed * 127.1) * 43_758.545;
  return (x - Math.floor(x)) * 2 - 1;
}

/** Warmest in the afternoon, coldest before dawn; 1 and -1. */
function dayCurve(time: number): number {
  const hour = (time / HOUR) % 24;
  return Math.cos(((hour - 15) / 24) * 2 * Math.PI);
}

const rooms = ROOMS.flatMap((room, at): Reading[] => [
  {
    topic: `home/${room}/climate`,
    everyMs: 60_000,
    retained: true,
    contentType: "application/json",
    valueAt: (time) =>
      JSON.stringify({
        temperature: round(20.5 + at * 0.3 + dayCurve(time) * (1.2 + at * 0.3) + noise(time / 60_000 + at) * 0.12),
        humidity: round(48 - dayCurve(time + at * HOUR) * 7 + noise(time / 60_000 + at * 7) * 0.8),
        battery: Math.round(96 - at * 4 - ((time / HOUR) % 24) / 12),
      }),
  },
  {
    topic: `home/${room}/light`,
    everyMs: 900_000,
    retained: true,
    valueAt: (time) => (noise(Math.floor(time / 900_000) + at) > 0.1 ? "on" : "off"),
  },
]);

const machines = MACHINES.flatMap((machine, at): Reading[] => [
  {
    topic: `plant/${machine}/power`,
    everyMs: 20_000,
    valueAt: (time) => {
      const works = dayCurve(time - 3 * HOUR) > -0.2 && noise(Math.floor(time / 1_200_000) + at * 3) > -0.6;
      return String(round(works ? 1400 + at * 320 + noise(time / 20_000 + at) * 180 : 60 + noise(time / 20_000) * 8));
    },
  },
  {
    topic: `plant/${machine}/state`,
    everyMs: 120_000,
    retained: true,
    contentType: "application/json",
    valueAt: (time) =>
      JSON.stringify({
        state: noise(Math.floor(time / 1_200_000) + at * 3) > -0.6 ? "running" : "idle",
        parts: Math.floor((time % (24 * HOUR)) / 41_000) + at * 31,
      }),
  },
]);

const READINGS: readonly Reading[] = [
  ...rooms,
  ...machines,
  {
    topic: "weather/roof/temperature",
    everyMs: 60_000,
    retained: true,
    valueAt: (time) => String(round(9 + dayCurve(time) * 6 + noise(time / 60_000) * 0.25)),
  },
  {
    topic: "weather/roof/wind",
    everyMs: 30_000,
    valueAt: (time) => String(round(Math.max(0, 4 + dayCurve(time) * 3 + noise(time / 30_000) * 2.4))),
  },
  { topic: "weather/roof/pressure", everyMs: 300_000, valueAt: (time) => String(round(1013 + Math.sin(time / (9 * HOUR)) * 6)) },
];

/** What all devices of a house and a workshop say between two moments (epoch ms), in order of time. */
export function readingsBetween(from: number, to: number): NewEvent[] {
  const events = READINGS.flatMap((reading, at) => {
    const offset = at * 370;
    const first = Math.ceil((from - offset) / reading.everyMs) * reading.everyMs + offset;
    return Array.from({ length: Math.max(0, Math.ceil((to - first) / reading.everyMs)) }, (_, n) =>
      toEvent(reading, first + n * reading.everyMs),
    );
  });
  return events.sort((a, b) => a.receivedAt - b.receivedAt);
}

function toEvent({ topic, valueAt, contentType = "text/plain", retained = false }: Reading, receivedAt: number): NewEvent {
  const body = Buffer.from(valueAt(receivedAt));
  return newEvent({ protocol: "mqtt", topic, body, size: body.length, contentType, retained, receivedAt, qos: 1 });
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
