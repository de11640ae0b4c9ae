import type { Likely } from './core/verdict.ts';
import { recoveryOf } from './outcomes.ts';
import { addressOf, hide, type Question, type Recovery, type StopCode } from './report.ts';

/**
 * The thing to do about an error. `'decide'`: the conflict is open, show it to a person or choose. `'retry'`: the same
 * call may succeed later. `'sign-in'`: the credentials are refused. `'check'`: the write may have been made, look before
 * it is made again. `'fix'`: the program or the server is at fault.
 */
export type Action = 'decide' | 'retry' | 'sign-in' | 'check' | 'fix';

// A name and a code can be copied onto another error, as axios does. This symbol can't.
const brand: unique symbol = Symbol.for('remerge.error');

/**
 * The error of a write that failed for good. A client throws it for every refusal, with ky's `HTTPError` as its cause.
 * If no answer came, the cause is what `fetch` rejected with, or ky's `NetworkError` if nothing could be sent. A wrapped
 * fetch throws it only if it has no answer of the server to return; see `recoveryOf(response)` for all other refusals.
 */
export class RecoveryError extends Error {
  override readonly name = 'RecoveryError';
  /** The reason why the write wasn't made. `docs/errors.md` says what to do about each. */
  readonly code: StopCode;
  readonly #question: Question | undefined;

  constructor(code: StopCode, message: string, cause?: unknown, question?: Question) {
    super(message, cause === undefined ? undefined : { cause: redacted(cause) });
    this.code = code;
    this.#question = question;
  }

  // eslint-disable-next-line @typescript-eslint/class-literal-property-style -- A field would stand in every log.
  get [brand](): true {
    return true;
  }

  /** The report of the write. `undefined` only if nothing was sent. */
  get recovery(): Recovery | undefined {
    return recoveryOf(this);
  }

  /**
   * The server's last answer, if there was one. Its body is used up: `data` of the cause holds what it said. The body
   * of a 2xx is still to be read.
   */
  get response(): Response | undefined {
    return (this.cause as { readonly response?: Response } | undefined)?.response;
  }

  /**
   * The thing to do about the error, in one of five words. Where a write may have been made, `'check'` stands in for
   * `'retry'`.
   */
  get action(): Action {
    const { code, recovery } = this;
    const action = actions[code] ?? actionFor(this.response?.status);
    const mayBeMade = recovery?.outcome === 'failed' && recovery.maybeApplied;
    return mayBeMade && action === 'retry' ? 'check' : action;
  }

  /**
   * The open conflict, and the way to go on with a person's answer. With `merge-conflict`, and with `outcome-unknown` where
   * the state could be read; `undefined` otherwise. `questionOf(error)` of a handle gives it with the types of its route.
   */
  get question(): Question | undefined {
    const { recovery } = this;
    return this.#question ?? (recovery?.outcome === 'failed' ? recovery.question : undefined);
  }
}

/** Returns the action for a refusal that stands, by its status. */
function actionFor(status = 0): Action {
  if (status === 401 || status === 403) return 'sign-in';
  return status === 429 || status >= 500 ? 'retry' : 'fix';
}

/** The action for each code that says it. For any other code the status of the refusal does. */
const actions: Readonly<Partial<Record<StopCode, Action>>> = {
  'merge-conflict': 'decide',
  gone: 'decide',
  exists: 'decide',
  changed: 'decide',
  'retry-limit': 'retry',
  'retry-budget': 'retry',
  timeout: 'retry',
  'read-error': 'retry',
  'network-error': 'retry',
  'recovery-unavailable': 'retry',
  abort: 'retry',
  unauthorized: 'sign-in',
  'outcome-unknown': 'check',
};

/** An address in a text: what comes before the host, host and path, and what comes after. */
const address = /\b([a-z][\w+.-]{0,30}:\/\/)(?:[^\s/?#'"]*@)?([^\s?#'"<>]*)(?:[?#][^\s'"<>]*)?/gi;

/**
 * Makes an error fit for a log, with the errors behind it, the `errors` of an `AggregateError` among them. Addresses in
 * a message or stack lose query and credentials. Members that hold request and answer, as ky's errors have, become not
 * enumerable: they can still be read by name. Returns the error itself.
 */
export function redacted<Thrown>(error: Thrown): Thrown {
  const all = new Set<unknown>([error]);
  // The loop adds to the set that it walks through.
  for (const one of all) {
    if (typeof one !== 'object' || one === null) continue;
    hide(one, 'request', 'response', 'options', 'data', 'config');
    const told = one as Readonly<Record<'message' | 'stack' | 'cause' | 'errors', unknown>>;
    for (const name of ['message', 'stack'] as const) {
      const text = told[name];
      if (typeof text !== 'string') continue;
      // The stack lines hold addresses of code, not of a request.
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

/** The page that says more about each code. */
export const errorsPage = 'https://github.com/remerge/remerge/blob/main/docs/errors.md';

/** The cause that each code stands for, and the thing to do. Short, as every page carries it: `errorsPage` has the long form. */
const advice: Readonly<Record<StopCode, string>> = {
  'not-a-conflict': "The refusal isn't about the version. Read the answer",
  'no-version': 'The write names no version. Send the one it is based on',
  'unknown-precondition': "The route doesn't know a precondition of the write. Add its header to version",
  exists: 'It exists already. See onConflict.exists and create.find',
  redirect: 'The answer comes from elsewhere. Use the final URL, or server.readFrom',
  'unrepeatable-body': "A stream can't be sent twice. Send text, bytes or a Blob",
  'no-progress': 'The server refuses the very version it shows. See likely',
  'retry-limit': 'Others are faster. Raise retry.limit, or queue the writers',
  timeout: 'The time is up. See timeout and totalTimeout',
  gone: 'Nothing is there. Create it anew, if it is still wanted',
  unauthorized: 'The credentials are refused. Renew them',
  'read-error': "The latest state can't be read. Try again later",
  'content-type': 'The latest state has another content type. Write what you read',
  'malformed-body': "The body isn't what it says. Look at what the server sends",
  'too-large': 'The body is too large. See maxBytes',
  'too-deep': 'It is nested too deep. Write flatter JSON',
  'version-missing': "The version isn't where the route says. Correct version",
  'version-hidden':
    "The page may not read the version. Have the server send Access-Control-Expose-Headers: ETag, or the version's own header",
  'version-weak': 'If-Match never matches a weak ETag, which compression may have made. See etag({ weak })',
  'version-malformed': 'What stands there is no version. Look at what the server sends',
  'remote-invalid': 'The latest state breaks the schema. Mend either',
  'merged-invalid': 'The state to write breaks the schema. Mend what made it',
  'merge-conflict': 'It is left open. Show error.question to a person, then resume',
  changed: 'It has changed since. See onConflict.changed',
  'unknown-patch': 'The route knows no such patch. See server.patches and remerge/json-patch',
  'base-unknown': "The state it was made of isn't known. Give base",
  'patch-error': "The patch doesn't fit the state. Make it anew",
  'merge-error': 'A function of yours threw. See cause',
  abort: 'The signal ended it',
  'network-error': 'Nothing was sent. Try again later',
  'outcome-unknown': 'It may have been made. Look, or see writeId and defineMerge',
  'retry-budget': 'Too many writes fail. Wait, or see budget',
  'key-reuse': 'The key belongs to another request. Take a new one',
  'recovery-unavailable': "Recovery can't be loaded. Try again",
  'operation-failed': 'The operation failed. See error.cause.data',
};

/** Makes the message of a stop. */
export function stopMessage(
  { method, url }: { readonly method: string; readonly url: string },
  status: number | undefined,
  { code, likely, reason }: { readonly code: StopCode; readonly likely?: Likely; readonly reason?: string },
): string {
  const answer = status ? ` (${String(status)})` : '';
  const details = [code, advice[code], likely && `Most likely: ${likely}`, reason?.replace(/\.$/, '')];
  return `${method} ${url} failed${answer}: ${details.filter(Boolean).join('. ')}. ${errorsPage}#${code}`;
}

/** Makes the error of a write, or of its read, that stops by itself: there is no answer of the server to report. */
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
