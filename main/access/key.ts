/** A credential for devices and clients. Its secret is shown once, when it is made, and kept only as a hash. */
export interface Key {
  /** In secrets, so that a secret alone says which key it belongs to. */
  readonly id: string;
  readonly name: string;
  /** scrypt (RFC 7914) of the secret: `scrypt$<log2 N>$<r>$<p>$<salt>$<hash>`, both in base64url. */
  readonly hash: string;
  /** Epoch ms. */
  readonly createdAt: number;
  /** Epoch ms; null: never. */
  readonly expiresAt: number | null;
  readonly enabled: boolean;
  /** Topic filters; `%k` stands for the key's name, `%c` for the id a client gives itself. */
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** No character that means something in a topic, so that `%k` can only ever stand for one level. */
export const KEY_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** `sbk_<id>_<random>` */
export const KEY_SECRET = /^sbk_([a-z0-9]{10})_([A-Za-z0-9_-]{32})$/;
