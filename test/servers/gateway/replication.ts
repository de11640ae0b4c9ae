import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * How far the replica is behind. `none`: not at all. `reads`: each read of it brings the next change, and one that was under
 * way shows the state before. `told`: until it is told. `time`: each change takes that many milliseconds.
 */
export type Lag =
  { readonly kind: 'none' | 'reads' | 'told' } | { readonly kind: 'time'; readonly milliseconds: number };

interface Row {
  readonly collection: string;
  readonly id: string;
  readonly version: number;
  readonly body: string | null;
}

/** Brings the primary's changes to the replica: one by one, in their order, and as late as it is told to. */
export class Replication {
  readonly primary: string;
  readonly replica: string;
  readonly #onTheirWay: Row[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #lag: Lag = { kind: 'none' };
  #from: DatabaseSync | undefined;
  #to: DatabaseSync | undefined;

  constructor(folder: string) {
    this.primary = join(folder, 'primary.sqlite');
    this.replica = join(folder, 'replica.sqlite');
  }

  /** Opens both files. The servers have made them. */
  open(): void {
    const timeout = 5_000;
    this.#from = new DatabaseSync(this.primary, { timeout, readOnly: true });
    this.#to = new DatabaseSync(this.replica, { timeout });
  }

  /** What is on its way arrives; what comes from now on is as late as this says. */
  lagBy(lag: Lag): void {
    this.#lag = lag;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    while (this.#onTheirWay.length > 0) this.#deliver();
  }

  /** The primary has answered. It has not yet sent the answer. */
  readonly written = (line: string, path: string): void => {
    if (!/^(?:PUT|DELETE) 20/.test(line)) return;
    const [, collection = '', id = ''] = path.split(/[/?]/);
    const read = this.#from?.prepare('SELECT * FROM document WHERE collection = ? AND id = ?');
    const row = read?.get(collection, id);
    if (row) this.#onTheirWay.push(row as unknown as Row);
    if (this.#lag.kind === 'none') this.#deliver();
    if (this.#lag.kind === 'time') {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        this.#deliver();
      }, this.#lag.milliseconds);
      this.#timers.add(timer);
    }
  };

  /** The replica has made its answer to a read. */
  readonly read = (line: string): void => {
    if (this.#lag.kind === 'reads' && line.startsWith('GET 200')) this.#deliver();
  };

  #deliver(): void {
    const row = this.#onTheirWay.shift();
    if (!row) return;
    const { collection, id, version, body } = row;
    this.#to
      ?.prepare('INSERT OR REPLACE INTO document VALUES (?, ?, ?, ?)')
      .run(collection, id, version, body);
  }

  close(): void {
    this.lagBy({ kind: 'none' });
    this.#from?.close();
    this.#to?.close();
  }
}
