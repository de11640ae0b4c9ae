/** What is stored: who wrote what. Each writer adds to its own list, so nothing is lost or doubled unseen. */
export interface Doc {
  readonly entries: readonly string[];
  readonly theirs: readonly string[];
  /** Where a server wants it in the body. */
  readonly version?: number;
  readonly lastWrite?: string;
  readonly lastWrites?: readonly string[];
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A write as it arrived. */
export interface Arrived {
  /** Whether it went to where things are made, and not to one of them. */
  readonly isNew: boolean;
  readonly method: string;
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly key: string | undefined;
  readonly authorization: string | undefined;
  /** What the server keeps and shows with the state, for a write id in a header. */
  readonly lastWrite: string | undefined;
  readonly body: string;
}

interface State {
  readonly doc: Doc | undefined;
  readonly tag: string;
  readonly lastWrite: string | undefined;
}

/** One resource that compares and sets by `If-Match` and `If-None-Match: *`, and keeps to Idempotency-Key. */
export class Resource {
  /** How many times somebody else has written, since it was there. */
  others = 0;
  /** Whether somebody else has deleted it. */
  wasRemoved = false;
  readonly #states: State[] = [];
  readonly #answers = new Map<string, { readonly body: string; readonly answer: Answer }>();

  /** @param doc What is stored at first; `undefined` for nothing. */
  constructor(doc: Doc | undefined) {
    this.#set(doc);
  }

  get doc(): Doc | undefined {
    return this.#now.doc;
  }

  /** What has been stored, one after the other. */
  get history(): readonly (Doc | undefined)[] {
    return this.#states.map(({ doc }) => doc);
  }

  get #now(): State {
    return this.#states.at(-1) ?? nothing;
  }

  /** Somebody else adds to their own list, or creates what isn't there. */
  change(): void {
    const { entries, theirs, ...more } = this.doc ?? { entries: [], theirs: [] };
    this.others += 1;
    const one = `theirs ${String(this.others)}`;
    const { lastWrites: log } = more;
    // Who writes where there is a log goes on with it.
    const kept = log ? { ...more, lastWrites: [...log, one] } : more;
    this.#set({ ...kept, entries, theirs: [...theirs, one] });
  }

  /** Somebody else deletes it, and with it whatever is there. */
  remove(): void {
    this.others = 0;
    this.wasRemoved = true;
    this.#set(undefined);
  }

  /** Shows the state; or, from a replica that lags, the one before. */
  read(isStale = false): Answer {
    const { doc, tag, lastWrite } = (isStale ? this.#states.at(-2) : undefined) ?? this.#now;
    const by = lastWrite === undefined ? {} : { 'x-last-write': lastWrite };
    return doc
      ? { status: 200, headers: { etag: tag, ...json, ...by }, body: JSON.stringify(doc) }
      : { status: 404, headers: json, body: '{}' };
  }

  /** Makes a write, unless it is for another state than this one. */
  write(write: Arrived): Answer {
    const { key, body } = write;
    const before = key === undefined ? undefined : this.#answers.get(key);
    if (before) return before.body === body ? before.answer : refusal(422, 'The key was for another body.');
    const answer = this.#write(write);
    if (key !== undefined && answer.status < 300) this.#answers.set(key, { body, answer });
    return answer;
  }

  #write({ isNew, method, ifMatch, ifNoneMatch, lastWrite, body }: Arrived): Answer {
    const { doc, tag } = this.#now;
    if (isNew && doc) return refusal(409, 'It exists.');
    if (ifNoneMatch === '*' && doc) return refusal(412, 'It exists.');
    if (ifMatch !== undefined && !doc) return refusal(404, 'It is gone.');
    if (ifMatch !== undefined && ifMatch !== tag) return refusal(412, 'It has moved on.');
    if (method === 'DELETE') {
      if (!doc) return refusal(404, 'It is gone.');
      this.#set(undefined);
      return { status: 200, headers: json, body: '{}' };
    }
    const said = JSON.parse(body) as Doc;
    if (doc?.version !== undefined && said.version !== doc.version) return refusal(409, 'It has moved on.');
    if (method === 'PATCH' && !doc) return refusal(404, 'It is gone.');
    this.#set(method === 'PATCH' ? { ...doc, ...said } : said, lastWrite);
    return { ...this.read(), status: doc ? 200 : 201 };
  }

  #set(doc: Doc | undefined, lastWrite?: string): void {
    const number = this.#states.length + 1;
    const numbered = doc?.version === undefined ? doc : { ...doc, version: number };
    this.#states.push({ doc: numbered, tag: `"v${String(number)}"`, lastWrite });
  }
}

const nothing: State = { doc: undefined, tag: '', lastWrite: undefined };
const json = { 'content-type': 'application/json' };

export function refusal(status: number, title: string): Answer {
  return { status, headers: json, body: JSON.stringify({ title }) };
}
