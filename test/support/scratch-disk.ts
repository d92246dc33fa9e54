import { spawnSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";

export interface ScratchDisk {
  readonly folder: string;
  /** Mounts it anew, so that nothing can be written any more. */
  makeReadOnly(): void;
}

/** A small disk of its own, in memory, unmounted after the test. Null, with the reason printed, where none can be mounted. */
export function scratchDisk(t: TestContext, mebibytes: number): ScratchDisk | null {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-disk-"));
  const fault = mount(["-t", "tmpfs", "-o", `size=${mebibytes}m`, "tmpfs", folder]);
  if (fault !== null) {
    rmdirSync(folder);
    t.skip(`a small disk could not be mounted (${fault}); run the tests as root on Linux to include this one`);
    return null;
  }
  t.after(() => {
    spawnSync("umount", ["--lazy", folder]);
    rmdirSync(folder);
  });
  return {
    folder,
    makeReadOnly() {
      const wrong = mount(["-o", "remount,ro", folder]);
      if (wrong !== null) throw new Error(`the disk could not be made read-only: ${wrong}`);
    },
  };
}

function mount(args: readonly string[]): string | null {
  if (process.platform !== "linux") return "this is not Linux";
  const { error, status, stderr } = spawnSync("mount", args, { encoding: "utf8" });
  if (error) return error.message;
  return status === 0 ? null : stderr.trim();
}
