import { wordsFor, type Finding, type Precondition, type ShownVersion } from '../core/finding.ts';
import type { Version } from '../core/version.ts';
import { wrongVersions } from '../core/wrong-version.ts';
import { stopped } from '../errors.ts';
import { createWorld, type ClientWide } from '../wrap.ts';
import { keepRemote } from '../merge/keep.ts';
import type { RouteOptions } from '../options.ts';
import { startCall, type Call } from '../recovery/call.ts';
import { openIntent } from '../recovery/intent.ts';
import { holdSame } from '../recovery/states.ts';
import type { StopCode } from '../report.ts';
import { compileRoute } from '../route.ts';
import { checkOptions } from '../shell/options.ts';
import type { Representation } from '../shell/representation.ts';
import { keepWrite, resolveUrl } from '../shell/request.ts';
import { look } from '../stages/read/look.ts';
import { isTaken, put, testWrite, type Taken } from './test-write.ts';

/** A route as it is to be asked about, and how to ask. What a route says of merges and retries of writes plays no part. */
export interface ProbeOptions<Value = unknown> extends RouteOptions<Value>, Pick<ClientWide, 'clock'> {
  /** Headers of each request: credentials, and what a write needs. A `Content-Type` is that of the read. Default: none. */
  readonly headers?: HeadersInit;
  /** Ends it at once, with the signal's reason. Default: none. */
  readonly signal?: AbortSignal;
  /**
   * Makes of the state what a write is to say so that nothing changes, for servers that want something else than they show:
   * `() => ({ actions: [] })`. Default: the state as it was read.
   */
  readonly body?: (state: unknown) => unknown;
  /** Whether to write under the right version as well: it must be taken. That is a real write. Default: `false`. */
  readonly withVersion?: boolean;
  /** Whether to write without any version as well. Where that is taken, it is a real write. Default: `false`. */
  readonly withoutVersion?: boolean;
}

/**
 * Finds out whether a server looks at the version of a write. A success doesn't tell, so it takes a question: it reads the
 * resource, writes the very state that it has read under a version that is surely wrong, and reads again.
 *
 * It writes nothing but the state that it has read. Yet a server that looks at no version takes that write: what somebody
 * else writes in the same moment is lost then, and whatever follows from a write follows. So ask about a resource that may
 * come to harm, and where nobody else is at work.
 *
 * @param fetch The `fetch` to ask by: the platform's, or one that signs its requests.
 * @param url The address of a resource that exists.
 * @param options The route, with its preset if it has one; `headers`, and what else to ask.
 * @throws {TypeError} for an option that is wrong or a URL that is none, and for a `body` that can't be sent.
 * @throws {RecoveryError} where the resource can't be read (`gone`, `access-lost`, `redirected`, `read-failed`,
 * `malformed-body` …), and where a write got no answer (`network-error`, `outcome-unknown`, `timeout`).
 *
 * @example
 * const { precondition, says } = await probe(fetch, 'http://127.0.0.1:5984/notes/42', couchdb());
 */
export async function probe<Value = unknown>(
  fetch: typeof globalThis.fetch,
  url: string | URL,
  options: ProbeOptions<Value> = {},
): Promise<Finding> {
  const { headers, signal, body, withVersion, withoutVersion, clock, ...own } = options;
  checkOptions('probe', clock ? { ...own, clock } : own);
  const at = resolveUrl(String(url));
  if (!at) throw new TypeError('probe needs a whole URL.');
  const route = compileRoute(() => true, { merge: keepRemote(), ...own } as RouteOptions, {});
  const wide = { clock, scope: undefined, memory: 0, onEvent: undefined, budget: false } as const;
  const world = createWorld(fetch, wide, { recover: decidesNothing });
  const init = { method: route.writeBy, ...(headers && { headers }), ...(signal && { signal }) };
  const write = keepWrite(fetch, at.href, init, {
    method: route.writeBy,
    url: at,
    body: nothing,
    base: undefined,
  });
  const call = startCall(write, route, world);
  call.deadline.arm();
  try {
    return await ask(call, body, withVersion ?? false, withoutVersion ?? false);
  } catch (error) {
    throw call.deadline.expired ? stopped(route.writeBy, at, 'timeout', undefined, error) : error;
  } finally {
    call.deadline.stop();
  }
}

const decidesNothing = (): never => {
  throw new TypeError('A probe decides nothing.');
};

/** What a question is made of before there is a state to write. */
const nothing = { content: '', type: undefined };

async function ask(
  call: Call,
  body: ProbeOptions['body'],
  withVersion: boolean,
  withoutVersion: boolean,
): Promise<Finding> {
  const { route, write, world } = call;
  const intent = await openIntent(write, route, world.bases);
  const seen = await look(write.url, intent, call);
  if ('code' in seen) {
    const version = unusable[seen.code];
    if (!version) throw stopped('GET', write.url, seen.code, seen.reason, seen.cause);
    return told({ version, precondition: 'not-asked' });
  }

  const there: { latest: Representation | undefined; changed: boolean } = { latest: seen, changed: false };
  const asking = async (version: Version | undefined): Promise<Taken | undefined> => {
    const before = there.latest;
    if (!before) return undefined;
    const taken = await put(call, testWrite(call, before, version, body));
    const after = await look(write.url, intent, call);
    there.latest = 'code' in after ? undefined : after;
    there.changed ||= !('code' in after) && !holdSame(before, after, route);
    return taken;
  };

  const answers: Taken[] = [];
  for (const { older, unknown } of wrongVersions(route.version, seen.version)) {
    const taken = await asking(older);
    const other = taken && unknown && isTaken(taken) ? await asking(unknown) : undefined;
    if (taken)
      answers.push(other?.precondition === 'checked' ? { ...other, precondition: 'older-taken' } : taken);
  }
  // One part of the version that isn't looked at is enough to lose an edit.
  const found = worstFirst
    .map((worst) => answers.find(({ precondition }) => precondition === worst))
    .find((taken) => taken !== undefined);
  const right = withVersion && found && there.latest ? await asking(there.latest.version) : undefined;
  const without = withoutVersion ? await asking(undefined) : undefined;
  return told({
    version: shownBy(call, seen),
    ...(found ?? { precondition: 'not-asked' }),
    ...(right && { withVersion: isTaken(right) ? 'taken' : 'refused' }),
    ...(without && { withoutVersion: isTaken(without) ? 'overwrites' : 'refused' }),
    ...((found ?? without) && there.latest && { changed: there.changed }),
  });
}

const worstFirst: readonly Precondition[] = ['ignored', 'refused-otherwise', 'older-taken', 'checked'];

function shownBy({ route }: Call, { response, version }: Representation): ShownVersion {
  if (version.length === 0) return 'none';
  const isTagged = route.version.read.some(
    (carrier) => carrier.in === 'headers' && carrier.shown.toLowerCase() === 'etag',
  );
  return isTagged && response.headers.get('etag')?.startsWith('W/') ? 'weak' : 'found';
}

/** Why a version can't be sent. */
const unusable: Readonly<Partial<Record<StopCode, ShownVersion>>> = {
  'version-missing': 'missing',
  'version-hidden': 'hidden',
  'version-weak': 'weak',
  'version-malformed': 'malformed',
};

function told(finding: Omit<Finding, 'says'>): Finding {
  return { ...finding, says: wordsFor(finding) };
}
