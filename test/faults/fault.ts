/** What the server does to one request instead of answering it well. */
export type Deed =
  /** Ends the connection without an answer. */
  | { readonly kind: 'drop' }
  /** Never answers. */
  | { readonly kind: 'hang' }
  /** Does it twice, and answers the second time. */
  | { readonly kind: 'echo' }
  /** Ends the connection in the middle of a good answer's body. */
  | { readonly kind: 'cut' }
  /** Answers well, but with this for a body. */
  | { readonly kind: 'garble'; readonly type: string; readonly body: string }
  | {
      readonly kind: 'say';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  | { readonly kind: 'redirect'; readonly status: number; readonly to: 'same origin' | 'other origin' }
  /** Answers well, but with this for an ETag. */
  | { readonly kind: 'tag'; readonly tag: (tag: string) => string | undefined }
  /** Has the caller abort, and never answers. */
  | { readonly kind: 'abort' }
  /** Shows the state before the last change. */
  | { readonly kind: 'replica' };

/** What a fault tells the client, which is all that its recovery can go by. */
type Meaning =
  /** Nothing: the request may have been served or not. A read can be made again. */
  | 'lost'
  /** It was not served, and may be later. */
  | 'throttled'
  /** It was served. */
  | 'served'
  /** Nothing is there. */
  | 'missing'
  | 'denied'
  | 'elsewhere'
  /** Another status, which has nothing to do with versions. */
  | 'other'
  | 'no JSON'
  | 'another type'
  | 'no version'
  | 'weak version'
  | 'malformed version'
  /** A refusal, as a proxy has sent it twice and hands on the second answer. */
  | 'echo'
  /** That another request with the same key is under way. */
  | 'key in use'
  /** That the key was for another request. */
  | 'key reused'
  /** Nothing: the caller has lost patience. */
  | 'abort'
  /** A version that isn't the one the server compares with. */
  | 'false version'
  | 'old state';

export interface Fault {
  readonly name: string;
  readonly meaning: Meaning;
  /** Whether the server serves the request all the same. */
  readonly applied: boolean;
  readonly deed: Deed;
  /** Whether the server serves it only when the next write arrives: it was on its way for so long. */
  readonly isLate?: boolean;
}

const html = { 'content-type': 'text/html' };
/** Asks to wait for three seconds. */
export const later = { 'retry-after': '3' };

/** Ways to learn nothing of what became of a request. */
const silences: readonly (readonly [string, Deed])[] = [
  ['a lost connection', { kind: 'drop' }],
  ['a hang', { kind: 'hang' }],
  ['408', { kind: 'say', status: 408 }],
  ['500', { kind: 'say', status: 500 }],
  ['502 with HTML', { kind: 'say', status: 502, headers: html, body: '<h1>Bad gateway</h1>' }],
  ['503 with Retry-After', { kind: 'say', status: 503, headers: later }],
  ['504', { kind: 'say', status: 504 }],
];

const refusals: readonly Fault[] = [
  fault('429 with Retry-After', 'throttled', { kind: 'say', status: 429, headers: later }),
  fault('401', 'denied', { kind: 'say', status: 401 }),
  fault('403', 'denied', { kind: 'say', status: 403 }),
  fault('404', 'missing', { kind: 'say', status: 404 }),
  fault('410', 'missing', { kind: 'say', status: 410 }),
  fault('304', 'other', { kind: 'say', status: 304 }),
  fault('501', 'other', { kind: 'say', status: 501 }),
];

const redirects: readonly Fault[] = [301, 302, 303, 307, 308].flatMap((status) =>
  (['same origin', 'other origin'] as const).map((to) =>
    fault(`${String(status)} to the ${to}`, 'elsewhere', { kind: 'redirect', status, to }),
  ),
);

const tags: readonly Fault[] = [
  fault('a wrong ETag', 'false version', { kind: 'tag', tag: () => '"wrong"' }),
  fault('a -gzip ETag', 'false version', { kind: 'tag', tag: (tag) => tag.replace(/"$/, '-gzip"') }),
  fault('no ETag', 'no version', { kind: 'tag', tag: () => undefined }),
  fault('a weak ETag', 'weak version', { kind: 'tag', tag: (tag) => `W/${tag}` }),
  fault('a doubled ETag', 'malformed version', { kind: 'tag', tag: (tag) => `${tag}, ${tag}` }),
];

const badJson = { kind: 'garble', type: 'application/json', body: '{"entries": [' } as const;

/** What can happen to a read. */
export const readFaults: readonly Fault[] = [
  ...silences.map(([name, deed]) => fault(name, 'lost', deed)),
  fault('a reset in the body', 'lost', { kind: 'cut' }),
  ...refusals,
  ...redirects,
  ...tags,
  fault('206', 'other', { kind: 'say', status: 206, headers: { 'content-range': 'bytes 0-0/9' }, body: '{' }),
  fault('bad JSON', 'no JSON', badJson),
  fault('text for JSON', 'another type', { kind: 'garble', type: 'text/plain', body: 'Hello' }),
  fault('a stale replica', 'old state', { kind: 'replica' }),
];

/** What can happen to a write. */
export const writeFaults: readonly Fault[] = [
  ...silences.flatMap(([name, deed]) => [
    fault(`${name} before the commit`, 'lost', deed),
    fault(`${name} after the commit`, 'lost', deed, true),
  ]),
  ...refusals,
  ...redirects,
  // Its status has said that it was made. What else is wrong with the answer is for its reader to find.
  ...tags.map(({ name, deed }) => fault(name, 'served', deed, true)),
  fault('a reset in the body', 'served', { kind: 'cut' }, true),
  fault('bad JSON', 'served', badJson, true),
];

/** Whoever sent it hears nothing, looks, sees nothing, and sends it again. Then both arrive. */
export const late: Fault = {
  ...fault('a hang until the next write', 'lost', { kind: 'hang' }),
  isLate: true,
};

export const echo = fault('a proxy that sends it twice', 'echo', { kind: 'echo' }, true);

/** What a server may say of a key (draft-ietf-httpapi-idempotency-key-header §2.7). */
export const keyFaults: readonly Fault[] = [
  fault('409 for a key in use before the commit', 'key in use', keyAnswer(409, 'is in use')),
  fault('409 for a key in use after the commit', 'key in use', keyAnswer(409, 'is in use'), true),
  fault('422 for a key of another request', 'key reused', keyAnswer(422, 'was for another request')),
];

/** The caller's signal aborts while the request is out. */
export const abort = fault('an abort', 'abort', { kind: 'abort' });
export const abortTooLate = fault('an abort after the commit', 'abort', { kind: 'abort' }, true);

/** The fault of a name. */
export function readFault(name: string): Fault {
  return named(name, readFaults);
}

/** The fault of a name. */
export function writeFault(name: string): Fault {
  return named(name, writeFaults);
}

function keyAnswer(status: number, what: string): Deed {
  return { kind: 'say', status, body: `This Idempotency-Key ${what}.` };
}

function named(name: string, faults: readonly Fault[]): Fault {
  const found = faults.find((fault) => fault.name === name);
  if (!found) throw new Error(`There is no fault '${name}'.`);
  return found;
}

function fault(name: string, meaning: Meaning, deed: Deed, applied = false): Fault {
  return { name, meaning, applied, deed };
}
