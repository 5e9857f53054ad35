/**
 * The time of a campaign: handed in, so that a test can be the clock.
 */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls again and again, until what it returns is called. */
  every(ms: number, action: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  every: (ms, action) => {
    const timer = setInterval(action, ms);
    return () => clearInterval(timer);
  },
};
