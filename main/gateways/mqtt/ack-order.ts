/**
 * Acknowledgements of one kind in the order their publications came [MQTT-4.6.0-2] [MQTT-4.6.0-3]: one that could be sent
 * sooner, such as a refusal, waits for those before it, whose publications are still being stored.
 */
export class AckOrder {
  #taken = 0;
  #sent = 0;
  /** By turn. Null while there are none: nearly all come in order. */
  #held: Map<number, () => void> | null = null;

  /** Publications that are not acknowledged yet. */
  get pending(): number {
    return this.#taken - this.#sent;
  }

  /** A publication has come; the answer is its turn. */
  take(): number {
    this.#taken += 1;
    return this.#taken;
  }

  /** Its acknowledgement may be sent, or what there is instead of one. */
  settle(turn: number, send: () => void): void {
    if (turn !== this.#sent + 1) {
      (this.#held ??= new Map()).set(turn, send);
      return;
    }
    this.#sent += 1;
    send();
    for (let next = this.#held?.get(this.#sent + 1); next !== undefined; next = this.#held?.get(this.#sent + 1)) {
      this.#sent += 1;
      this.#held!.delete(this.#sent);
      next();
    }
    if (this.#held?.size === 0) this.#held = null;
  }
}
