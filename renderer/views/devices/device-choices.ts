import { DEVICE_COLUMNS, type DeviceSort } from "../../format/device-table.ts";
import { createCell } from "../../state/cell.ts";
import { createStored } from "../../state/stored.ts";

/** The table's order, kept in this browser. */
export const deviceSort = createStored<DeviceSort>("device-sort", { column: "name", descending: false }, (value) => {
  const { column, descending } = (value ?? {}) as { readonly column?: unknown; readonly descending?: unknown };
  const known = DEVICE_COLUMNS.find((one) => one === column);
  return known && typeof descending === "boolean" ? { column: known, descending } : null;
});

/** Who is there, or who came and went. */
export type DevicesShown = "table" | "log";
export const devicesShown = createCell<DevicesShown>("table");
