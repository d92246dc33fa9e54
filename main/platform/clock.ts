/** Time as a part can be given it, so that tests can give their own. */
export interface Clock {
  /** Wall clock, epoch ms. It may jump: for stamps only. */
  now(): number;
  /** Ms since some moment; never goes back: for durations. */
  monotonic(): number;
  /** Runs `fn` once after `ms`; the answer cancels it. Does not keep the process alive. */
  after(ms: number, fn: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, fn) {
    const timer = setTimeout(fn, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
