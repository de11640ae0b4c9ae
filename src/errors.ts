import type { Conflict } from './core/conflict.ts';
import type { Likely } from './core/outcome.ts';
import { recoveryOf } from './filed.ts';
import { addressOf, hide, type Question, type Recovery, type StopCode, type WriteResult } from './report.ts';

/** Makes a new write of a person's answer, a whole state. It meets what has happened since as any write does. */
export type Resume = (value: unknown, options?: { readonly signal?: AbortSignal }) => Promise<WriteResult>;

// A name and a code can be copied onto another error, as axios does. This is not.
const brand: unique symbol = Symbol.for('remerge.error');

/**
 * A write that failed for good. A client throws it for every refusal, with ky's `HTTPError` as its cause, and where no
 * answer came, with what `fetch` rejected with, or ky's `NetworkError` where nothing could be sent. A wrapped fetch throws it only where it has no answer of the
 * server's to give; see `recoveryOf(response)` for the others.
 */
export class RecoveryError extends Error {
  override readonly name = 'RecoveryError';
  /** Why the write wasn't made. `docs/errors.md` says what to do about each. */
  readonly code: StopCode;
  readonly #resume: Resume | undefined;

  constructor(code: StopCode, message: string, cause?: unknown, resume?: Resume) {
    super(message, cause === undefined ? undefined : { cause: redacted(cause) });
    this.code = code;
    this.#resume = resume;
  }

  // eslint-disable-next-line @typescript-eslint/class-literal-property-style -- A field would stand in every log.
  get [brand](): true {
    return true;
  }

  /** How the write came out, and what it took. `undefined` only where nothing was sent. */
  get recovery(): Recovery | undefined {
    return recoveryOf(this);
  }

  /**
   * The server's last answer, if there was one. Its body is used up: what it said is in `data` of the cause. That of a 2xx
   * is still to be read.
   */
  get response(): Response | undefined {
    return (this.cause as { readonly response?: Response } | undefined)?.response;
  }

  /** With `needs-decision` and `outcome-unknown`: the states, the conflicts, and what is merged so far. The error has each by itself, too. */
  get question(): Question | undefined {
    const { recovery } = this;
    return recovery?.ending === 'refused' ? recovery.question : undefined;
  }

  /** With `needs-decision` and `outcome-unknown`: the state that the caller started from; `undefined` where nobody knows. */
  get base(): unknown {
    return this.question?.base;
  }

  /** With `needs-decision` and `outcome-unknown`: the state that the caller wants. */
  get local(): unknown {
    return this.question?.local;
  }

  /** With `needs-decision` and `outcome-unknown`: the state that the server had. */
  get remote(): unknown {
    return this.question?.remote;
  }

  /** With `needs-decision`: what is merged so far. The remote side stands where there is a conflict. */
  get merged(): unknown {
    return this.question?.merged;
  }

  /** With `needs-decision` and `gave-up`: what could not be decided, in document order. Else empty. */
  get conflicts(): readonly Conflict[] {
    const { recovery } = this;
    return (recovery?.ending === 'refused' ? recovery.conflicts : undefined) ?? [];
  }

  /**
   * With `needs-decision` and `outcome-unknown`: makes a new write of the answer, a whole state. Its base is the remote that was shown, and it
   * meets what has happened since as any write does: it may merge, and it may reject with the next `needs-decision`. It
   * has the time of a new write, and only the signal that is given here. Nothing is held until then.
   *
   * @throws {TypeError} for an error with another code, and where the state could not be read.
   */
  async resume(...answer: Parameters<Resume>): Promise<WriteResult> {
    if (!this.#resume) throw new TypeError(`There is nothing to resume: ${this.code}.`);
    return this.#resume(...answer);
  }
}

/** An address in a text: what comes before the host, host and path, and what comes after. */
const address = /\b([a-z][\w+.-]{0,30}:\/\/)(?:[^\s/?#'"]*@)?([^\s?#'"<>]*)(?:[?#][^\s'"<>]*)?/gi;

/**
 * The same error, made fit for a log, with those behind it, the `errors` of an `AggregateError` among them: what it says of an address is without query and credentials,
 * and what it holds of request and answer, as ky's errors do, is there for whoever asks for it by name.
 */
export function redacted<Thrown>(error: Thrown): Thrown {
  const all = new Set<unknown>([error]);
  // The set grows while it is walked through.
  for (const one of all) {
    if (typeof one !== 'object' || one === null) continue;
    hide(one, 'request', 'response', 'options', 'data', 'config');
    const told = one as Readonly<Record<'message' | 'stack' | 'cause' | 'errors', unknown>>;
    for (const name of ['message', 'stack'] as const) {
      const text = told[name];
      if (typeof text !== 'string') continue;
      // Where the code stands is no address of a request.
      const [head = ''] = text.split(/\n\s+at /, 1);
      const value = head.replace(address, '$1$2') + text.slice(head.length);
      if (value !== text) Reflect.defineProperty(one, name, { value, configurable: true, writable: true });
    }
    all.add(told.cause);
    if (Array.isArray(told.errors)) for (const behind of told.errors) all.add(behind);
  }
  return error;
}

/** Whether an error is a `RecoveryError`, of this copy of the package or of another one on the same page. */
export function isRecoveryError(error: unknown): error is RecoveryError {
  return typeof error === 'object' && error !== null && brand in error;
}

/**
 * What to do about a stop, where its code doesn't say it. Short, as every page carries it: the long form is in
 * `docs/errors.md`.
 */
const advice: Readonly<Partial<Record<StopCode, string>>> = {
  'not-a-conflict': 'See statusCodes',
  'no-version': 'Send the version that it is based on',
  'foreign-precondition': 'Add it to version',
  exists: 'See onExists and locate',
  redirected: 'Use the final URL, or readFrom',
  'unrepeatable-body': 'Send text, bytes or a Blob',
  'no-progress': 'The server refuses the very version it shows',
  'retries-exhausted': 'Raise limit, or queue the writers',
  timeout: 'See totalTimeout',
  gone: 'Create it anew, if it is still wanted',
  'access-lost': 'Renew the credentials',
  'read-failed': 'Try again later',
  'content-type': 'The latest version has another one',
  'malformed-body': "The latest version isn't what it says",
  'too-large': 'See maxBytes',
  'version-missing': "It isn't where the route says",
  'version-hidden': "Have the server send Access-Control-Expose-Headers: ETag, or the version's own header",
  'too-deep': 'It is nested too deep',
  'version-malformed': 'What stands there is no version',
  'version-weak': 'If-Match never matches a weak ETag, which compression may have made. See etag({ weak })',
  'needs-decision': 'Show it to a person, then resume',
  'stale-delete': 'See onStaleDelete',
  'unknown-patch': 'See remerge/json-patch',
  'base-unknown': 'Give base',
  'network-error': 'Nothing was sent',
  'outcome-unknown': 'It may have been made. See writeId and idempotent',
  'budget-exhausted': 'Too many writes fail. See budget',
  'key-reused': 'The key belongs to another request',
  'recovery-unavailable': 'It could not be loaded. Try again',
};

/** What to tell of a stop. */
export function stopMessage(
  { method, url }: { readonly method: string; readonly url: string },
  status: number | undefined,
  { code, likely, reason }: { readonly code: StopCode; readonly likely?: Likely; readonly reason?: string },
): string {
  const answer = status ? ` (${String(status)})` : '';
  const details = [code, advice[code], likely && `Most likely: ${likely}`, reason];
  return `${method} ${url} failed${answer}: ${details.filter(Boolean).join('. ').replace(/\.?$/, '.')}`;
}

/** The error of a write, or of a read for one, that stops by itself: there is no answer of the server's to tell of. */
export function stopped(
  method: string,
  url: URL,
  code: StopCode,
  reason?: string,
  cause?: unknown,
): RecoveryError {
  const stop = reason === undefined ? { code } : { code, reason };
  return new RecoveryError(code, stopMessage({ method, url: addressOf(url) }, undefined, stop), cause);
}
