import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";
import type { Hub } from "../hub/hub.ts";
import type { LatencyHistogram } from "../hub/ports.ts";

/** Figures for Prometheus: counts and sizes, never content. */
export interface Metrics {
  readonly contentType: string;
  read(): Promise<string>;
  close(): void;
}

/** `links`: how many inspectors are connected. The hub's plain numbers are read when somebody asks, at no cost before. */
export function createMetrics(hub: Hub, links: () => number): Metrics {
  const registry = new Registry();
  const { counters } = hub;
  collectDefaultMetrics({ register: registry });

  const counter = (name: string, help: string, labelNames: string[], collect: (metric: Counter) => void): void => {
    // prom-client hands the metric to `collect` as `this`.
    const metric = new Counter({
      name,
      help,
      labelNames,
      registers: [],
      collect() {
        this.reset();
        collect(this);
      },
    });
    registry.registerMetric(metric);
  };
  const gauge = (name: string, help: string, read: () => number): void => {
    const metric = new Gauge({
      name,
      help,
      registers: [],
      collect() {
        this.set(read());
      },
    });
    registry.registerMetric(metric);
  };

  counter("signalbox_events_total", "Events in the log since the start, by protocol and state", ["protocol", "state"], (metric) => {
    for (const [protocol, states] of Object.entries(counters.events))
      for (const [state, count] of Object.entries(states)) metric.inc({ protocol, state }, count);
  });
  counter("signalbox_refusals_total", "Refusals told to peers, by code", ["code"], (metric) => {
    for (const [code, count] of Object.entries(counters.refused)) metric.inc({ code }, count);
  });
  counter("signalbox_body_bytes_total", "Body bytes in the log since the start", [], (metric) => metric.inc(counters.bodyBytes));
  gauge("signalbox_ingress_connections", "Ingress connections open", () => counters.connections);
  gauge("signalbox_receiving_bytes", "Body bytes being received", () => counters.receivingBytes);
  gauge("signalbox_inspector_links", "Inspectors connected", links);
  gauge("signalbox_log_up", "1 when the log takes events", () => (hub.log.status().state === "open" ? 1 : 0));
  gauge("signalbox_log_last_seq", "Seq of the newest event", () => hub.log.status().lastSeq);
  gauge("signalbox_log_file_bytes", "Size of the log's file", () => hub.log.status().fileBytes);
  gauge("signalbox_log_wal_bytes", "Size of the log's write-ahead file", () => hub.log.status().walBytes);
  gauge("signalbox_log_index_bytes", "Size of the search index", () => hub.log.status().indexBytes);
  gauge("signalbox_log_index_lag", "Events the search index has not reached", () => hub.log.status().indexLag);
  gauge("signalbox_log_queued", "Events waiting for a commit", () => hub.log.status().queued);

  return {
    contentType: registry.contentType,
    read: async () => `${await registry.metrics()}\n${ackText(counters.ack)}`,
    close: () => registry.clear(),
  };
}

/**
 * The hub counts into buckets itself, which prom-client cannot be given: written as Prometheus' text format wants it,
 * cumulatively and in seconds.
 */
function ackText({ boundsMs, counts, sumMs, count }: LatencyHistogram): string {
  const name = "signalbox_ack_seconds";
  const lines = [`# HELP ${name} Time from having an event whole to its commit`, `# TYPE ${name} histogram`];
  let sum = 0;
  for (const [index, bound] of boundsMs.entries()) {
    sum += counts[index] ?? 0;
    lines.push(`${name}_bucket{le="${bound / 1000}"} ${sum}`);
  }
  lines.push(`${name}_bucket{le="+Inf"} ${count}`, `${name}_sum ${sumMs / 1000}`, `${name}_count ${count}`);
  return `${lines.join("\n")}\n`;
}
