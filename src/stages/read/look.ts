import { parseRetryAfter } from '../../core/backoff.ts';
import { isTransient } from '../../core/verdict.ts';
import { formatVersion } from '../../core/version.ts';
import { waitsForStrong } from '../../core/version-rule.ts';
import { leavesOrigin, readAt, unversioned } from '../../recovery/address.ts';
import { pause, spend, waitFor, within, type Call } from '../../recovery/call.ts';
import { unreadCode } from '../../recovery/shown.ts';
import type { Reason } from '../../report.ts';
import type { Route } from '../../route.ts';
import { discard } from '../../shell/body.ts';
import { isHeaderFailure } from '../../shell/fresh-headers.ts';
import { readRepresentation, type Representation } from '../../shell/representation.ts';
import { isRequest } from '../../shell/request.ts';
import { readLatest } from '../../shell/transport.ts';
import type { Intent } from '../../recovery/intent.ts';

/**
 * Reads what is there now; again, for as long as only the way there is broken.
 *
 * @param url Where the resource is.
 */
export async function look(url: URL, intent: Intent, call: Call): Promise<Representation | Reason> {
  const { route, deadline, journal } = call;
  const attempt = journal.attempt + 1;
  for (let retry = 1; ; retry += 1) {
    const read = await readOnce(url, intent, call);
    if (read.remote) return read.remote;
    if (read.failed.code === 'version-weak' && retry > weakReads) return read.failed;
    if (retry > route.retry.limit) return read.failed;
    if (!spend(call, 'failure')) return { code: 'retry-budget' };
    const delay = waitFor(call, retry + 1, read.retryAfter);
    if (delay >= deadline.remaining()) return { code: 'timeout' };
    await pause(call, attempt, delay);
  }
}

/** How long a tag is weak after a write, in milliseconds (Apache: its dates count in seconds), and how often to look. */
const weakTime = 1_000;
const weakReads = 2;

function isStillWeak({ version }: Route, remote: Representation | Reason): remote is Reason {
  return 'code' in remote && remote.code === 'version-weak' && waitsForStrong(version);
}

/** The outcome of one read, or the reason to read again. */
type Read =
  | { readonly remote: Representation | Reason }
  | { readonly remote?: undefined; readonly failed: Reason; readonly retryAfter?: number | undefined };

/** The headers of a route's own. In a page one that the server doesn't expect costs the read. */
function headersFor({ version, writeId }: Route): readonly string[] {
  return [...version.write, writeId].flatMap((carrier) => (carrier?.in === 'headers' ? [carrier.name] : []));
}

async function readOnce(of: URL, intent: Intent, call: Call): Promise<Read> {
  const { write, route, shared, deadline, journal } = call;
  const attempt = journal.attempt + 1;
  try {
    const at = readAt(route, of, write.body?.content);
    const url = isRequest(at) ? new URL(at.url) : at;
    if (leavesOrigin(write.url, url)) return { remote: { code: 'redirect' } };
    return await within(call, async (signal) => {
      const response = await readLatest(shared.fetch, write, at, headersFor(route), signal);
      const code = unreadCode(response, url, route);
      if (code) {
        discard(response);
        journal.read(attempt, response, undefined);
        const failed = { code };
        if (!isTransient(response.status)) return { remote: failed };
        const asks = response.headers.get('retry-after');
        return { failed, retryAfter: parseRetryAfter(asks, shared.clock.now()) };
      }
      const remote = await readRepresentation(response, { ...route, kind: intent.kind }, signal);
      if ('code' in remote) discard(response);
      else shared.bases.onVersion?.(unversioned(route, of).href, formatVersion(remote.version));
      journal.read(attempt, response, 'code' in remote ? undefined : remote.version);
      return isStillWeak(route, remote) ? { failed: remote, retryAfter: weakTime } : { remote };
    });
  } catch (cause) {
    deadline.signal.throwIfAborted();
    const failed: Reason = { code: 'read-error', cause };
    // If the caller's `headers` function throws, a second read would fail as well.
    return isHeaderFailure(cause) ? { remote: failed } : { failed };
  }
}
