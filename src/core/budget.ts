/** What recovery may cost. Every number is in tokens. */
export interface BudgetOptions {
  /** How many tokens there are for one origin. Default: 500, as in the AWS SDKs. */
  readonly tokens?: number;
  /** What it costs to recover from a conflict: a stale version is no sign of overload. Default: 1. */
  readonly conflict?: number;
  /**
   * What it costs to try again after a failure: no answer, 408, 429 or 5xx. Default: 5, so that an outage ends after a
   * hundred tries.
   */
  readonly failure?: number;
  /** What a write that succeeds adds, besides what it took itself. Default: 1. */
  readonly success?: number;
}

/**
 * A token bucket for each origin, shared by all writes of a client (gRPC A6, 'Throttling retry attempts'). While most
 * writes come through it stays full, however many conflicts they meet, since each gives back what it took. When they fail
 * it empties, and whoever comes then fails at once: retries would only keep a server down.
 */
export class Budget {
  readonly #tokens: number;
  readonly #costs: { readonly conflict: number; readonly failure: number };
  readonly #success: number;
  // Only what isn't full is held, so that a thousand healthy origins take no room.
  readonly #missing = new Map<string, number>();

  constructor({ tokens = 500, conflict = 1, failure = 5, success = 1 }: BudgetOptions = {}) {
    this.#tokens = tokens;
    this.#costs = { conflict, failure };
    this.#success = success;
  }

  /** Takes what one try costs, and gives how much that was; `undefined` where there isn't enough. */
  take(origin: string, reason: 'conflict' | 'failure'): number | undefined {
    const cost = this.#costs[reason];
    const missing = (this.#missing.get(origin) ?? 0) + cost;
    if (missing > this.#tokens) return undefined;
    this.#missing.set(origin, missing);
    return cost;
  }

  /** A write has succeeded there, and took so much. */
  give(at: { readonly origin: string }, taken: number): void {
    // Of a URL the origin is dear, and mostly nothing is missing anywhere.
    if (this.#missing.size === 0) return;
    const { origin } = at;
    const missing = this.#missing.get(origin);
    if (missing === undefined) return;
    const left = missing - taken - this.#success;
    if (left > 0) this.#missing.set(origin, left);
    else this.#missing.delete(origin);
  }
}
