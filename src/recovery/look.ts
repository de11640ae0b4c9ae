import { parseRetryAfter } from '../core/backoff.ts';
import { isTransient } from '../core/outcome.ts';
import { formatVersion } from '../core/version.ts';
import { waitsForStrong } from '../core/version-rule.ts';
import type { Reason, StopCode } from '../report.ts';
import type { Route } from '../route.ts';
import { discard } from '../shell/body.ts';
import { isHeaderFailure } from '../shell/fresh-headers.ts';
import { readRepresentation, type Representation } from '../shell/representation.ts';
import { isRequest } from '../shell/request.ts';
import { isRedirect, readLatest } from '../shell/transport.ts';
import type { Asked } from './asked.ts';
import { leavesOrigin, readAt, unversioned } from './address.ts';
import { afford, pause, waitFor, within, type Run } from './run.ts';

export function isGone({ status }: Response): boolean {
  return status === 404 || status === 410;
}

/**
 * Why the answer to a read shows no state; `undefined` where it does: a 200 from the address that was asked, and not of a
 * fetch that follows redirects though it was told not to.
 */
export function unreadCode(response: Response, asked: URL): StopCode | undefined {
  const { status, redirected, url } = response;
  if (isRedirect(response) || redirected || (url && leavesOrigin(asked, url))) return 'redirected';
  if (status === 200) return undefined;
  return isGone(response) ? 'gone' : status === 401 || status === 403 ? 'access-lost' : 'read-failed';
}

/** Reads what is there now; again, for as long as only the way there is broken. */
export async function look(run: Run, asked: Asked, attempt: number): Promise<Representation | Reason> {
  const { route, deadline } = run;
  for (let retry = 1; ; retry += 1) {
    const read = await readOnce(run, asked, attempt);
    if (read.remote) return read.remote;
    if (read.failed.code === 'version-weak' && retry > weakReads) return read.failed;
    if (retry > route.limit) return read.failed;
    if (!afford(run, 'failure')) return { code: 'budget-exhausted' };
    const delay = waitFor(run, retry + 1, read.retryAfter);
    if (delay >= deadline.remaining()) return { code: 'timeout' };
    await pause(run, attempt, delay);
  }
}

/** How long a tag is weak after a write, in milliseconds (Apache: its dates count in seconds), and how often to look. */
const weakTime = 1_000;
const weakReads = 2;

function isStillWeak({ version }: Route, remote: Representation | Reason): remote is Reason {
  return 'code' in remote && remote.code === 'version-weak' && waitsForStrong(version);
}

/** What one read came to, or why it is worth another. */
type Read =
  | { readonly remote: Representation | Reason }
  | { readonly remote?: undefined; readonly failed: Reason; readonly retryAfter?: number | undefined };

/** The headers of a route's own. In a page one that the server doesn't expect costs the read. */
function headersFor({ version, writeId }: Route): readonly string[] {
  return [...version.write, writeId].flatMap((carrier) => (carrier?.in === 'headers' ? [carrier.name] : []));
}

async function readOnce(run: Run, asked: Asked, attempt: number): Promise<Read> {
  const { write, route, world, target, deadline, journal } = run;
  try {
    const at = readAt(route, target.url, write.body?.content);
    const url = isRequest(at) ? new URL(at.url) : at;
    if (leavesOrigin(write.url, url)) return { remote: { code: 'redirected' } };
    return await within(run, async (signal) => {
      const response = await readLatest(world.fetch, write, at, headersFor(route), signal);
      const code = unreadCode(response, url);
      if (code) {
        discard(response);
        journal.read(attempt, response, undefined);
        const failed = { code };
        if (!isTransient(response.status)) return { remote: failed };
        const asks = response.headers.get('retry-after');
        return { failed, retryAfter: parseRetryAfter(asks, world.clock.now()) };
      }
      const remote = await readRepresentation(response, { ...route, kind: asked.kind }, signal);
      if ('code' in remote) discard(response);
      else world.bases.onVersion?.(unversioned(route, target.url).href, formatVersion(remote.version));
      journal.read(attempt, response, 'code' in remote ? undefined : remote.version);
      return isStillWeak(route, remote) ? { failed: remote, retryAfter: weakTime } : { remote };
    });
  } catch (cause) {
    deadline.signal.throwIfAborted();
    const failed: Reason = { code: 'read-failed', cause };
    // Whose headers can't be made has nobody to ask again.
    return isHeaderFailure(cause) ? { remote: failed } : { failed };
  }
}
