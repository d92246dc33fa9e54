import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { freePort } from "./mosquitto.ts";
import { tempFolder } from "./temp-folder.ts";

const PROGRAM = "/usr/sbin/sshd";
/** Where it drops its privileges to; the system's own script makes it when it starts sshd. */
const PRIVILEGE_FOLDER = "/run/sshd";

/** Why tests against a real sshd are skipped; false when it can run. */
export const NO_SSHD: string | false = !existsSync(PROGRAM)
  ? `${PROGRAM} is not installed (Debian's package openssh-server)`
  : process.getuid?.() !== 0
    ? "sshd gives no sessions unless it is started by root"
    : false;

export interface Sshd {
  readonly port: number;
  /** A private key that is let in. */
  readonly key: string;
  /** SHA256:… of its host key. */
  readonly hostKey: string;
  /** As known_hosts has it, without the name. */
  readonly publicHostKey: string;
  start(): Promise<void>;
  /** Every process of it, connections included, at once. */
  kill(): Promise<void>;
  log(): string;
}

/** An OpenSSH server of the test's own on a free port, with keys of its own; ended after the test. */
export async function createSshd(t: TestContext, more = ""): Promise<Sshd> {
  mkdirSync(PRIVILEGE_FOLDER, { recursive: true });
  const folder = tempFolder(t);
  const port = await freePort();
  const hostKey = makeKey(folder, "host");
  const key = makeKey(folder, "user");
  const config = join(folder, "sshd_config");
  writeFileSync(
    config,
    `Port ${port}\nListenAddress 127.0.0.1\nHostKey ${hostKey}\nAuthorizedKeysFile ${key}.pub\nStrictModes no\nUsePAM no\nPidFile none
PasswordAuthentication no\nAllowTcpForwarding remote\n${more}\n`,
  );
  let child: ChildProcess | null = null;
  let log = "";

  const kill = async (): Promise<void> => {
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    for (const pid of withDescendants(child.pid)) process.kill(pid, "SIGKILL");
    await ended;
    child = null;
  };
  t.after(kill);
  return {
    port,
    key,
    hostKey: fingerprint(`${hostKey}.pub`),
    publicHostKey: readFileSync(`${hostKey}.pub`, "utf8").split(" ").slice(0, 2).join(" "),
    async start() {
      const started = spawn(PROGRAM, ["-D", "-e", "-f", config], { stdio: ["ignore", "ignore", "pipe"] });
      child = started;
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      started.once("exit", (code) => reject(new Error(`sshd ended with ${code}:\n${log}`)));
      started.stderr.setEncoding("utf8").on("data", (text: string) => {
        log += text;
        if (text.includes("Server listening")) resolve();
      });
      await promise;
    },
    kill,
    log: () => log,
  };
}

/** Each connection has processes of its own, in sessions of their own. */
function withDescendants(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
  return [pid, ...children.flatMap(withDescendants)];
}

/** A new ed25519 key pair; answers the path of the private one. */
export function makeKey(folder: string, name: string, passphrase = ""): string {
  const path = join(folder, name);
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", passphrase, "-C", name, "-f", path]);
  return path;
}

/** SHA256:… of a public key file. */
export function fingerprint(path: string): string {
  return execFileSync("ssh-keygen", ["-lf", path], { encoding: "utf8" }).split(" ")[1]!;
}
