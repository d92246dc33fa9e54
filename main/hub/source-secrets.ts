import { accept, refuse, type Result } from "../contract/errors.ts";
import {
  DEFAULT_OVERLAP_MS,
  MAX_SECRET_CHARS,
  MAX_SOURCE_SECRETS,
  SECRET_NAME,
  type SecretUse,
  type SourceSecretInfo,
} from "../contract/source.ts";
import type { SourceSecret, SourceSecretStore, SourceSecretValues } from "./source-ports.ts";

export interface NewSourceSecret {
  readonly name: string;
  readonly value: string;
  readonly use?: SecretUse | undefined;
}

/** The secrets of sources: several may be good at once. What is told of them is never the secret itself. */
export interface SourceSecrets {
  /** Those that are good now. */
  values(source: string): SourceSecretValues;
  infos(source: string): readonly SourceSecretInfo[];
  /** Refuses PARAMS_INVALID, SECRET_EXISTS, SECRET_LIMIT. */
  add(source: string, secret: NewSourceSecret): Result<void>;
  /** Puts a new value under the name; the old one stays good under another name for `overlapMs`. Refuses PARAMS_INVALID, SECRET_NOT_FOUND, SECRET_LIMIT. */
  rotate(source: string, name: string, value: string, overlapMs?: number): Result<void>;
  /** Refuses SECRET_NOT_FOUND. */
  remove(source: string, name: string): Result<void>;
  /** All of the source's. */
  forget(source: string): void;
}

const NONE: SourceSecretValues = { signature: [], handshake: [] };

export function createSourceSecrets(options: {
  readonly store: SourceSecretStore;
  /** Epoch ms. */
  readonly now: () => number;
  /** Why a text cannot be a secret of the source's provider, as a sentence. */
  readonly faultOf: (source: string, value: string) => string | null;
}): SourceSecrets {
  const { store, now } = options;
  /** Made once and not for each request; not kept where one of them is going to expire. */
  const made = new Map<string, SourceSecretValues>();

  const goodOnes = (source: string): readonly SourceSecret[] => {
    const at = now();
    return (store.all().get(source) ?? []).filter(({ expiresAt }) => expiresAt === null || expiresAt > at).toSorted(newestFirst);
  };
  const set = (source: string, secrets: readonly SourceSecret[]): Result<void> => {
    store.set(source, secrets);
    made.delete(source);
    return accept(undefined);
  };
  const valueFault = (source: string, use: SecretUse, value: string): string | null => {
    if (value === "") return "It is empty.";
    if (value.length > MAX_SECRET_CHARS) return `It has more than ${MAX_SECRET_CHARS} characters.`;
    return use === "signature" ? options.faultOf(source, value) : null;
  };
  const refused = (source: string, name: string, why: string) =>
    refuse("PARAMS_INVALID", `This cannot be a secret of the source "${source}": ${why}`, { source, secret: name });
  const limitReached = (source: string) =>
    refuse("SECRET_LIMIT", `The source "${source}" has as many secrets as it can have. Remove one that is not used any more.`, {
      source,
      limit: MAX_SOURCE_SECRETS,
    });
  const notFound = (source: string, name: string) =>
    refuse("SECRET_NOT_FOUND", `The source "${source}" has no secret "${name}".`, { source, secret: name });

  return {
    values(source) {
      const known = made.get(source);
      if (known) return known;
      const good = goodOnes(source);
      if (good.length === 0) return NONE;
      const of = (wanted: SecretUse) => good.filter(({ use }) => use === wanted).map(({ name, value }) => ({ name, value }));
      const values: SourceSecretValues = { signature: of("signature"), handshake: of("handshake") };
      if (good.every(({ expiresAt }) => expiresAt === null)) made.set(source, values);
      return values;
    },
    infos: (source) => goodOnes(source).map(({ name, use, addedAt, expiresAt }) => ({ name, use, addedAt, expiresAt })),
    add(source, { name, value, use = "signature" }) {
      if (!SECRET_NAME.test(name))
        return refuse("PARAMS_INVALID", "A secret's name has 1 to 64 letters, digits, dots, dashes or underscores.", { secret: name });
      const fault = valueFault(source, use, value);
      if (fault !== null) return refused(source, name, fault);
      const good = goodOnes(source);
      if (good.some((one) => one.name === name)) {
        const message = `The source "${source}" has a secret "${name}" already. Rotate that one, or choose another name.`;
        return refuse("SECRET_EXISTS", message, { source, secret: name });
      }
      if (good.length >= MAX_SOURCE_SECRETS) return limitReached(source);
      return set(source, [...good, { name, use, value, addedAt: now(), expiresAt: null }]);
    },
    rotate(source, name, value, overlapMs = DEFAULT_OVERLAP_MS) {
      const good = goodOnes(source);
      const old = good.find((one) => one.name === name);
      if (!old) return notFound(source, name);
      const fault = valueFault(source, old.use, value);
      if (fault !== null) return refused(source, name, fault);
      const retired = toRetiredName(name);
      // Of one name there is one new secret and one old; who rotates twice within the overlap gives up the first.
      const others = good.filter((one) => one.name !== name && one.name !== retired);
      const kept = overlapMs > 0 ? [{ ...old, name: retired, expiresAt: now() + overlapMs }] : [];
      if (others.length + kept.length >= 2 * MAX_SOURCE_SECRETS) return limitReached(source);
      return set(source, [...others, { ...old, value, addedAt: now(), expiresAt: null }, ...kept]);
    },
    remove(source, name) {
      const good = goodOnes(source);
      const left = good.filter((one) => one.name !== name);
      return left.length === good.length ? notFound(source, name) : set(source, left);
    },
    forget(source) {
      if (store.all().has(source)) set(source, []);
    },
  };
}

/** One that is on its way out comes last: what is signed anew is signed with the first. */
function newestFirst(a: SourceSecretInfo, b: SourceSecretInfo): number {
  return Number(a.expiresAt !== null) - Number(b.expiresAt !== null) || b.addedAt - a.addedAt;
}

function toRetiredName(name: string): string {
  return `${name.slice(0, 60)}.old`;
}
