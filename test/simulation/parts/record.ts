import type { Entry } from '../notebook.ts';
import type { Plan } from './document.ts';

/** What was done, and what was to come of it. */
export interface Deed {
  readonly entry: Entry;
  readonly plan: Plan;
  readonly verb: 'patch' | 'post' | 'put' | 'update';
  /** The number of the newest state when it began. */
  readonly from: number;
  /** And when its caller was told. */
  to: number;
  /** The states that its client had passed when it began: each was met, and then a newer one, or one that it left itself. */
  readonly passed: ReadonlySet<number>;
}

/** Which states a client has met: those that it was shown, and those that it left. */
export class Met {
  /** Their numbers, in the order in which it has met them first. */
  readonly #seen: number[] = [];
  readonly #passed = new Set<number>();

  /** It was shown a state. */
  show(number: number): void {
    if (this.#seen.includes(number)) return;
    this.#passAll(number);
    this.#seen.push(number);
  }

  /**
   * It was told that its write has left a state.
   *
   * @param isNamed Whether it was told the version, too. A state without a name isn't known again.
   */
  leave(number: number, isNamed: boolean): void {
    this.#passAll(number);
    if (isNamed && !this.#seen.includes(number)) this.#seen.push(number);
  }

  get passed(): ReadonlySet<number> {
    return new Set(this.#passed);
  }

  #passAll(newer: number): void {
    for (const one of this.#seen) if (one < newer) this.#passed.add(one);
  }
}
