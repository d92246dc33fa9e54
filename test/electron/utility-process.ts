import { fork, type ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import { constants } from "node:os";
import { join } from "node:path";
import type { Foreign } from "./foreign.ts";
import type { MessagePortMain } from "./message-ports.ts";
import { createPortLink } from "./port-link.ts";

class UtilityProcess extends EventEmitter {
  readonly #child: ChildProcess;
  readonly #ports: ReturnType<typeof createPortLink>;

  constructor(child: ChildProcess) {
    super();
    this.#child = child;
    this.#ports = createPortLink((message) => this.#send(message), "m");
    child.on("spawn", () => this.emit("spawn"));
    child.on("exit", (code, signal) => {
      this.#ports.closeAll();
      this.emit("exit", code ?? constants.signals[signal!]); // as waitpid(2) tells it
    });
    child.on("message", (received: Foreign) => {
      if ("port" in received) this.#ports.receive(received);
      else this.emit("message", received.message);
    });
  }
  get pid(): number | undefined {
    return this.#child.exitCode === null ? this.#child.pid : undefined;
  }
  get stdout(): unknown {
    return this.#child.stdout;
  }
  get stderr(): unknown {
    return this.#child.stderr;
  }
  postMessage(message: unknown, transfer: readonly MessagePortMain[] = []): void {
    this.#send({ message, ports: transfer.map((port) => this.#ports.give(port.raw)) });
  }
  kill = (): boolean => this.#child.kill();

  #send(message: object): void {
    if (this.#child.connected) this.#child.send(message);
  }
}

export const utilityProcess = {
  fork(
    path: string,
    args: readonly string[] = [],
    { env = process.env, cwd, execArgv = [], stdio = "inherit" }: Foreign = {},
  ): UtilityProcess {
    const child = fork(path, args, {
      cwd,
      stdio: ["ignore", stdio, stdio, "ipc"],
      serialization: "advanced",
      env: { ...env, ELECTRON_UTILITY: "1" },
      execArgv: ["--require", join(import.meta.dirname, "register.ts"), ...execArgv],
    });
    return new UtilityProcess(child);
  },
};
