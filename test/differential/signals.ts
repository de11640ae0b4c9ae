import type { Choices } from './choices.ts';
import type { Way } from './stage.ts';

export const signalChoices = {
  signal: {
    none: 22,
    unused: 3,
    'aborted before': 3,
    'aborted at once': 1,
    'aborted while the body is sent': 1,
    'aborted while the answer is awaited': 2,
    'aborted while the answer is read': 2,
    'aborted afterwards': 1,
    'of a time': 1,
  },
  reason: { default: 4, Error: 2, text: 1, null: 1, number: 1, object: 1, TimeoutError: 1 },
} as const satisfies Choices;

/** A signal that is aborted at one moment of a call. */
export class Abort {
  readonly signal: AbortSignal | undefined;
  readonly #moment: string;
  readonly #reason: string;
  readonly #controller = new AbortController();

  constructor({ signal, reason }: { readonly signal: string; readonly reason: string }) {
    this.#moment = signal;
    this.#reason = reason;
    if (signal === 'of a time') this.signal = AbortSignal.timeout(20);
    else if (signal !== 'none') this.signal = this.#controller.signal;
  }

  /** How far the server gets with its answer, so that the moment comes. */
  get way(): Way {
    const isHeld = this.#moment === 'aborted while the answer is awaited' || this.#moment === 'of a time';
    if (isHeld) return 'held';
    return this.#moment === 'aborted while the answer is read' ? 'stuck' : 'whole';
  }

  /** Aborts, if this is its moment. */
  readonly at = (moment: string): void => {
    if (moment === this.#moment) this.#controller.abort(this.#made());
  };

  /** Whether it was aborted by now, and what with. */
  get reason(): { readonly reason: unknown } | undefined {
    return this.signal?.aborted ? { reason: this.signal.reason as unknown } : undefined;
  }

  #made(): unknown {
    const reasons: Readonly<Record<string, () => unknown>> = {
      Error: () => new Error('The user has left'),
      text: () => 'left',
      null: () => null,
      number: () => 0,
      object: () => ({ code: 'left' }),
      TimeoutError: () => new DOMException('Too late', 'TimeoutError'),
    };
    return reasons[this.#reason]?.();
  }
}
