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

/** What happened and what to do. Short, as every page carries it; `docs/how-recovery-works.md` has the long form. */
const messages: Readonly<Record<StopCode, string>> = {
  'not-a-conflict': 'no conflict by statusCodes',
  'no-version': 'it carried no version to compare; send one where the route says',
  'foreign-precondition': "it carries a precondition that is missing in the route's version",
  exists: 'the resource exists already; write under its version',
  redirected: 'redirects are not followed; use the final URL, or readFrom',
  'unrepeatable-body': 'its body can be sent only once; use text, bytes or a Blob',
  'no-progress': 'the server shows the version it refuses, so merging is no use',
  'retries-exhausted': 'no retry is left; raise limit, or queue the writers',
  timeout: 'its time was up; see totalTimeout',
  'gave-up': 'the merge gave up',
  gone: 'the resource is gone; create it anew, or let it go',
  'access-lost': 'these credentials may not read the resource; renew them',
  'read-failed': 'the latest version could not be read; try again later',
  'content-type': 'the latest version has another content type than the write',
  'malformed-body': 'the latest version is not what its content type says',
  'too-large': 'the latest version is longer than maxBytes',
  'version-missing': 'the latest version has no version where the route says',
  'version-hidden': 'the page may not see the version; send Access-Control-Expose-Headers: ETag',
  'version-weak': 'If-Match never matches a weak ETag; see etag({ weak })',
  'version-malformed': 'what stands for the version is none, or several',
  'remote-invalid': 'the latest version breaks the schema',
  'merged-invalid': 'the merged value breaks the schema',
  'stale-delete': 'it was changed since; see onStaleDelete',
  'unknown-patch': 'its content type is none of patches; see remerge/json-patch',
  'base-unknown': 'it goes through a list by position, and its base is unknown; give base',
  'patch-failed': 'the patch does not fit',
  'merge-failed': 'a function of the route failed',
  aborted: 'the caller aborted it',
  'network-error': 'it got no answer',
};

/** What to tell of a stop. */
export function stopMessage(
  { method, url }: { readonly method: string; readonly url: string },
  status: number | undefined,
  { code, likely, reason }: { readonly code: StopCode; readonly likely?: Likely; readonly reason?: string },
): string {
  const details = reason ?? (likely ? `Most likely: ${likely}.` : '');
  return `${method} ${url} failed${status ? ` (${String(status)})` : ''}: ${messages[code]}. ${details}`.trim();
}
