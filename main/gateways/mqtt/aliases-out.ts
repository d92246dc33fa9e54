/** Numbers that stand for topics on the way to a peer, given in order of first use, none ever to another topic (§3.3.2.3.4). */
export class AliasesOut {
  readonly #numbers = new Map<string, number>();
  readonly #maximum: number;

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  /** Null when all are given. `first`: the peer has not heard of it yet. */
  of(topic: string): { number: number; first: boolean } | null {
    const known = this.#numbers.get(topic);
    if (known !== undefined) return { number: known, first: false };
    if (this.#numbers.size >= this.#maximum) return null;
    const number = this.#numbers.size + 1;
    this.#numbers.set(topic, number);
    return { number, first: true };
  }

  /** The peer was not told after all. */
  forget(topic: string): void {
    this.#numbers.delete(topic);
  }
}
