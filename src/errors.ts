import type { Likely } from './core/outcome.ts';
import { recoveryOf, type Recovery, type StopCode } from './report.ts';

/**
 * A write that failed and has no answer of the server's to give. What the server did answer is a response, not an
 * error: see `recoveryOf(response)`.
 */
export class RecoveryError extends Error {
  override readonly name = 'RecoveryError';
  readonly code: StopCode;

  constructor(code: StopCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }

  /** How the write came out, and what it took. */
  get recovery(): Recovery | undefined {
    return recoveryOf(this);
  }
}

/** Whether an error is a `RecoveryError`, of this copy of the package or of another. */
export function isRecoveryError(error: unknown): error is RecoveryError {
  return error instanceof Error && error.name === 'RecoveryError' && 'code' in error;
}

/**
 * What to do about a stop, where its code doesn't say it. Short, as every page carries it: the long form is in
 * `docs/how-recovery-works.md`.
 */
const advice: Readonly<Partial<Record<StopCode, string>>> = {
  'not-a-conflict': 'See statusCodes',
  'no-version': 'Send the version that it is based on',
  'foreign-precondition': "Add its precondition to the route's version",
  exists: 'Write under its version',
  redirected: 'Use the final URL, or readFrom',
  'unrepeatable-body': 'Send text, bytes or a Blob',
  'no-progress': 'The server refuses the very version it shows',
  'retries-exhausted': 'Raise limit, or queue the writers',
  timeout: 'See totalTimeout',
  gone: 'Create it anew, or let it go',
  'access-lost': 'Renew the credentials',
  'read-failed': 'Try again later',
  'content-type': 'The latest version has another one than the write',
  'malformed-body': 'The latest version is not what it says it is',
  'too-large': 'See maxBytes',
  'version-missing': "It isn't where the route says",
  'version-hidden': 'Have the server send Access-Control-Expose-Headers: ETag',
  'version-weak': 'If-Match never matches a weak ETag. See etag({ weak })',
  'stale-delete': 'See onStaleDelete',
  'unknown-patch': 'See remerge/json-patch',
  'base-unknown': 'Give base',
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
