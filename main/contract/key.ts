/** What a key may do when nothing is said: everything but `$…`. */
export const EVERY_TOPIC: readonly string[] = ["#"];

/** A key as it is shown: without its secret, which is told once, and without its hash. */
export interface KeyInfo {
  readonly name: string;
  /** Epoch ms. */
  readonly createdAt: number;
  /** Epoch ms; null: never. */
  readonly expiresAt: number | null;
  readonly enabled: boolean;
  /** When it last let somebody in since the hub started, epoch ms; null: not yet. */
  readonly lastUsedAt: number | null;
  /** Topic filters; `%k` stands for the key's name, `%c` for the id a client gives itself. */
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

export interface NewKeyInfo extends KeyInfo {
  /** `sbk_…`; told here and never again. */
  readonly secret: string;
}
