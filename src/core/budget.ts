/** The costs of recovery. Every number is in tokens. */
export interface BudgetOptions {
  /** The number of tokens for one origin. Default: 500, as in the AWS SDKs. */
  readonly tokens?: number;
  /** The cost of recovering from a conflict: a stale version is no sign of overload. Default: 1. */
  readonly conflictCost?: number;
  /**
   * The cost of another try after a failure: no answer, 408, 429 or 5xx. Default: 5, so that an outage ends the retries
   * after a hundred tries.
   */
  readonly failureCost?: number;
  /** The tokens that a successful write adds, besides those that it took itself. Default: 1. */
  readonly successIncrement?: number;
}

/**
 * A token bucket for each origin, shared by all writes of a client (gRPC A6, 'Throttling retry attempts'). While most
 * writes succeed the bucket stays full, however many conflicts they meet, because each write gives back what it took.
 * While writes fail the bucket empties, and then a write fails without a retry: retries would only keep a server down.
 */
export class Budget {
  readonly #tokens: number;
  readonly #costs: { readonly conflict: number; readonly failure: number };
  readonly #success: number;
  // Only origins that lack tokens are in the map, so that a thousand healthy origins take no room.
  readonly #missing = new Map<string, number>();

  constructor({ tokens = 500, conflictCost = 1, failureCost = 5, successIncrement = 1 }: BudgetOptions = {}) {
    this.#tokens = tokens;
    this.#costs = { conflict: conflictCost, failure: failureCost };
    this.#success = successIncrement;
  }

  /** Takes the cost of one try. Returns that cost; `undefined` where too few tokens are left. */
  take(origin: string, reason: 'conflict' | 'failure'): number | undefined {
    const cost = this.#costs[reason];
    const missing = (this.#missing.get(origin) ?? 0) + cost;
    if (missing > this.#tokens) return undefined;
    this.#missing.set(origin, missing);
    return cost;
  }

  /** Returns to an origin's bucket the tokens that a successful write took, and adds the reward for its success. */
  give(at: { readonly origin: string }, taken: number): void {
    // Reading the origin of a URL is slow, and mostly no bucket lacks a token.
    if (this.#missing.size === 0) return;
    const { origin } = at;
    const missing = this.#missing.get(origin);
    if (missing === undefined) return;
    const left = missing - taken - this.#success;
    if (left > 0) this.#missing.set(origin, left);
    else this.#missing.delete(origin);
  }
}
