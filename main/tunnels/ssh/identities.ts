import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import ssh2, { type AnyAuthMethod } from "ssh2";
import { TunnelFault } from "../tunnel.ts";
import { fingerprintOf } from "./known-hosts.ts";

export interface IdentityOptions {
  readonly user: string;
  /** A private key file; null: the agent's keys, then the usual files. */
  readonly key: string | null;
  readonly passphrase: string | null;
  readonly password: string | null;
  /** The service takes everybody: it is asked without any key first, and any question of it is answered with nothing. */
  readonly anonymous: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the usual files are; ~/.ssh unless said. */
  readonly folder?: string;
}

/** One way to be let in; `name` is for a person. */
export interface Identity {
  readonly name: string;
  readonly method: AnyAuthMethod;
}

const USUAL_FILES = ["id_ed25519", "id_ecdsa", "id_rsa"] as const;

/** The ways to be let in, in the order they are tried. Throws a TunnelFault for a key file that cannot be used. */
export function readIdentities(options: IdentityOptions): readonly Identity[] {
  const { user: username, key, password, anonymous } = options;
  const identities: Identity[] = [];
  if (anonymous) identities.push({ name: "no key", method: { type: "none", username } });
  if (key !== null) identities.push(readKeyFile(expandHome(key), options));
  else identities.push(...usualIdentities(options));
  if (password !== null) {
    identities.push({ name: "the password", method: { type: "password", username, password } });
    // Servers with PAM may ask for the same password in this way alone (RFC 4256).
    const prompt = answering(password);
    identities.push({ name: "the password, asked for", method: { type: "keyboard-interactive", username, prompt } });
  } else if (anonymous) {
    identities.push({ name: "an empty answer", method: { type: "keyboard-interactive", username, prompt: answering("") } });
    identities.push({ name: "an empty password", method: { type: "password", username, password: "" } });
  }
  if (identities.length > 0) return identities;
  const message = `There is no key to be let in with: no agent (SSH_AUTH_SOCK), and none of ${USUAL_FILES.join(", ")} in ~/.ssh. Give one as key.`;
  throw new TunnelFault(message, { needsPerson: true });
}

function usualIdentities(options: IdentityOptions): Identity[] {
  const { user: username, env, folder = join(homedir(), ".ssh") } = options;
  const agent = env["SSH_AUTH_SOCK"] ?? "";
  const identities: Identity[] = [];
  if (agent !== "") identities.push({ name: "the agent's keys", method: { type: "agent", username, agent } });
  for (const file of USUAL_FILES) {
    try {
      identities.push(readKeyFile(join(folder, file), options));
    } catch {
      // Not there, or with a passphrase that only the agent knows: the others are tried.
    }
  }
  return identities;
}

function readKeyFile(path: string, { user: username, passphrase }: IdentityOptions): Identity {
  let text: Buffer;
  try {
    text = readFileSync(path);
  } catch (error) {
    throw new TunnelFault(`The key file ${path} cannot be read: ${(error as Error).message}.`, { needsPerson: true });
  }
  const parsed = ssh2.utils.parseKey(text, passphrase ?? undefined);
  if (parsed instanceof Error) {
    const isLocked = /passphrase|encrypted/i.test(parsed.message);
    const advice = isLocked ? "Give its passphrase, or use the agent." : "It must be a private key as ssh-keygen makes it.";
    throw new TunnelFault(`The key file ${path} cannot be used: ${parsed.message}. ${advice}`, { needsPerson: true });
  }
  const key = [parsed].flat()[0]!;
  if (!key.isPrivateKey())
    throw new TunnelFault(`The key file ${path} holds a public key; the private one is needed, usually beside it without .pub.`, {
      needsPerson: true,
    });
  return { name: `the key ${fingerprintOf(key.getPublicSSH())} (${path})`, method: { type: "publickey", username, key } };
}

function answering(answer: string) {
  return (_name: string, _about: string, _language: string, prompts: readonly unknown[], finish: (answers: string[]) => void): void =>
    finish(prompts.map(() => answer));
}

function expandHome(path: string): string {
  return path.startsWith("~/") ? join(homedir(), path.slice(2)) : path;
}
