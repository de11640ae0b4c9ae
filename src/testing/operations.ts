import { json } from './shapes/answers.ts';

interface Pending {
  looks: number;
  readonly make: () => Response;
  result?: Response;
}

/** The writes that an origin has taken on and makes later, by the paths of their monitors. */
export class Operations {
  readonly #pending = new Map<string, Pending>();
  readonly #root: string;
  readonly #looks: number | undefined;

  /** @param looks How many looks find an operation under way; `undefined` where writes are made at once. */
  constructor(root: string, looks: number | undefined) {
    this.#root = root;
    this.#looks = looks;
  }

  /** Takes a write on: 202 with the monitor (Azure API guidelines). `undefined` where writes are made at once. */
  accept(make: () => Response): Response | undefined {
    if (this.#looks === undefined) return undefined;
    const path = `operations/${this.#pending.size + 1}`;
    this.#pending.set(path, { looks: this.#looks, make });
    return json(202, { status: 'running' }, { 'operation-location': `${this.#root}${path}` });
  }

  /** The state of an operation, if there is one at this path. The write is made at the look that finds it over. */
  look(path: string): Response | undefined {
    const pending = this.#pending.get(path);
    if (!pending) return undefined;
    if (pending.looks > 0) {
      pending.looks -= 1;
      return json(200, { status: 'running' });
    }
    pending.result ??= pending.make();
    const { ok, status } = pending.result;
    if (ok) return json(200, { status: 'succeeded' });
    return json(200, {
      status: 'failed',
      error: { code: status === 412 ? 'ConditionNotMet' : String(status) },
    });
  }
}
