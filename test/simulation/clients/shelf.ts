import { isDocument, type Document } from './document.ts';
import type { Versions } from './versions.ts';

/** A change that was made at the server. */
export interface Commit {
  /** Of which document. */
  readonly name: string;
  /** What it is since; `undefined` where it was deleted. */
  readonly state: unknown;
  /** The call that it was marked with, if it was. */
  readonly mark: string | null;
  readonly moment: number;
  /** Milliseconds from the start. */
  readonly at: number;
  /** The ids that it has brought, and those that are gone since. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Where the server keeps one document. */
export class Shelf {
  readonly name: string;
  /** Every id that it ever had. */
  readonly ids = new Set<string>();
  #state: unknown;
  #number = 0;
  #second = 0;
  readonly #versions: Versions;

  constructor(name: string, versions: Versions) {
    this.name = name;
    this.#versions = versions;
  }

  /** `undefined` while there is nothing. What isn't even a document shows as one that is empty. */
  get state(): Document | undefined {
    if (this.#state === undefined) return undefined;
    return isDocument(this.#state) ? this.#state : { name: this.name, items: [], count: 0, value: '' };
  }

  get text(): string {
    const isStamped = this.#versions === 'field' && isDocument(this.#state);
    return JSON.stringify(isStamped ? { ...(this.#state as Document), version: this.#number } : this.#state);
  }

  /** The headers that show the version. */
  get tags(): Readonly<Record<string, string>> {
    if (this.#versions === 'etag') return { etag: `"v${this.#number}"` };
    if (this.#versions === 'weak') return { etag: `W/"${this.#second}"` };
    return this.#versions === 'date' ? { 'last-modified': this.#date } : {};
  }

  put(state: unknown, now: number): void {
    this.#state = state;
    this.#number += 1;
    this.#second = Math.floor(now / 1_000);
    if (isDocument(state)) for (const id of state.items) this.ids.add(id);
  }

  /** Whether a write is for the state of now; `undefined` where it doesn't say. */
  matches(headers: Headers, said: Partial<Document> | undefined): boolean | undefined {
    if (this.#versions === 'field')
      return said?.version === undefined ? undefined : said.version === this.#number;
    const match = headers.get(this.#versions === 'date' ? 'if-unmodified-since' : 'if-match');
    if (match === null) return undefined;
    return this.#versions === 'date' ? Date.parse(match) >= Date.parse(this.#date) : match === this.tags.etag;
  }

  get #date(): string {
    return new Date(this.#second * 1_000).toUTCString();
  }
}
