/** How long to wait between two attempts. Names and meanings are ky's. */
export interface Backoff {
  readonly delay: (retry: number, elapsed: number) => number;
  readonly backoffLimit: number;
  readonly jitter: boolean | ((delay: number) => number);
  readonly maxRetryAfter: number;
}

/**
 * The wait before a retry, in milliseconds.
 *
 * The first retry doesn't wait: a stale version is no sign of overload. Each later retry waits for a random part of a
 * delay that doubles up to a limit, so that writers that met once don't meet again. If the server sends Retry-After,
 * the wait is the one that it asks for, up to a cap and without jitter.
 *
 * @param retry Counted from 1.
 * @param elapsed Milliseconds since the write began.
 * @param random From 0 up to, but not including, 1.
 * @param retryAfter The wait that the server asked for, in milliseconds.
 */
export function waitBefore(
  retry: number,
  backoff: Backoff,
  elapsed: number,
  random: number,
  retryAfter?: number,
): number {
  if (retryAfter !== undefined) return Math.min(retryAfter, backoff.maxRetryAfter);
  if (retry <= 1) return 0;
  const delay = Math.min(backoff.delay(retry - 1, elapsed), backoff.backoffLimit);
  if (typeof backoff.jitter === 'function') return Math.max(0, backoff.jitter(delay));
  return backoff.jitter ? delay * random : delay;
}

/**
 * Reads Retry-After, as seconds or as a date, into milliseconds (RFC 9110 §10.2.3). `undefined` for a value that is
 * neither; 0 for a date that has passed.
 */
export function parseRetryAfter(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  // `Date.parse` accepts almost anything as a date, but an HTTP date begins with the day's name and ends with GMT.
  const isDate = /^[A-Z][a-z]+,? .*\d/.test(value);
  // One of the three forms of an HTTP date leaves out the zone, and means GMT, too (RFC 9110 §5.6.7).
  const date = isDate ? Date.parse(value.replace(/(?: GMT)?$/, ' GMT')) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
