import { wordsFor, type Finding, type Precondition, type ShownVersion } from '../core/finding.ts';
import type { Version } from '../core/version.ts';
import { wrongVersions } from '../core/wrong-version.ts';
import { stopped } from '../errors.ts';
import { createShared, type ClientWide } from '../wrap.ts';
import { keepRemote } from '../merge/keep.ts';
import type { RouteOptions } from '../options.ts';
import { startCall, type Call } from '../recovery/call.ts';
import { isRecord } from '../core/record.ts';
import { openIntent } from '../recovery/intent.ts';
import { holdSame, remoteState } from '../recovery/states.ts';
import { bare } from '../recovery/write-id.ts';
import type { StopCode } from '../report.ts';
import { compileRoute, type Route } from '../route.ts';
import { checkOptions } from '../shell/options.ts';
import type { Representation } from '../shell/representation.ts';
import { snapshotWrite, resolveUrl } from '../shell/request.ts';
import { look } from '../stages/read/look.ts';
import { changedMembers } from './changed-members.ts';
import { isTaken, put, testWrite, type Taken } from './test-write.ts';
import type { HeadersInput } from '../shell/kept-headers.ts';

/** The route to probe, and how to probe it. A probe ignores a route's options for merges and for retries of writes. */
export interface ProbeOptions<Value = unknown> extends RouteOptions<Value>, Pick<ClientWide, 'clock'> {
  /**
   * Headers of each request: credentials, and those that a write needs. A write without a `Content-Type` gets that of
   * the read. Default: none.
   */
  readonly headers?: HeadersInput;
  /** Ends the probe at once, with the signal's reason. Default: none. */
  readonly signal?: AbortSignal;
  /**
   * Makes the body of a write that changes nothing from the state, for servers whose writes differ from their reads:
   * `() => ({ actions: [] })`. Default: the state as it was read.
   */
  readonly body?: (state: unknown) => unknown;
  /**
   * Whether to write under the right version as well, which the server must take. That is a real write. Default:
   * `false`.
   */
  readonly withVersion?: boolean;
  /** Whether to write without any version as well. If the server takes that, it is a real write. Default: `false`. */
  readonly withoutVersion?: boolean;
}

/**
 * Finds out whether a server checks the version of a write. A success doesn't show that, so the probe reads the
 * resource, writes the same state under a version that is surely wrong, and reads again.
 *
 * The probe writes only the state that it has read. Yet a server that checks no version takes that write. Then an edit
 * that another writer makes in the same moment is lost, and the server does all that it does after a write. So probe a
 * resource that may come to harm, where no other writer is at work.
 *
 * @param fetch The `fetch` that sends the requests: the platform's, or one that signs its requests.
 * @param url The address of a resource that exists.
 * @param options The route, with its preset if it has one; `headers`, and what else to probe.
 * @throws {TypeError} for an option that is wrong or a URL that is not valid, and for a `body` that can't be sent.
 * @throws {RecoveryError} where the resource can't be read (`gone`, `unauthorized`, `redirect`, `read-error`,
 *   `malformed-body` …), and where a write got no answer (`network-error`, `outcome-unknown`, `timeout`).
 *
 * @example
 * const { precondition, says } = await probe(fetch, 'http://127.0.0.1:5984/notes/42', { server: couchdb() });
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
  const shared = createShared(fetch, wide, { recover: decidesNothing });
  const init = { method: route.replace, ...(headers && { headers }), ...(signal && { signal }) };
  const write = snapshotWrite(fetch, at.href, init, {
    method: route.replace,
    url: at,
    body: nothing,
    base: undefined,
  });
  const call = startCall(write, route, shared);
  call.deadline.start();
  try {
    return await ask(call, body, withVersion ?? false, withoutVersion ?? false);
  } catch (error) {
    throw call.deadline.expired ? stopped(route.replace, at, 'timeout', undefined, error) : error;
  } finally {
    call.deadline.stop();
  }
}

const decidesNothing = (): never => {
  throw new TypeError('A probe decides nothing.');
};

/** The body of the write that starts a probe, before there is a state to write. */
const nothing = { content: '', type: undefined };

async function ask(
  call: Call,
  body: ProbeOptions['body'],
  withVersion: boolean,
  withoutVersion: boolean,
): Promise<Finding> {
  const { route, write, shared } = call;
  const intent = await openIntent(write, route, shared.bases);
  const seen = await look(write.url, intent, call);
  if ('code' in seen) {
    const version = unusable[seen.code];
    if (!version) throw stopped('GET', write.url, seen.code, seen.reason, seen.cause);
    return told({ version, precondition: 'not-asked' });
  }

  const there = { latest: seen as Representation | undefined, changed: false, managed: new Set<string>() };
  const asking = async (version: Version | undefined): Promise<Taken | undefined> => {
    const before = there.latest;
    if (!before) return undefined;
    const taken = await put(call, testWrite(call, before, version, body));
    const after = await look(write.url, intent, call);
    there.latest = 'code' in after ? undefined : after;
    if ('code' in after || holdSame(before, after, route)) return taken;
    there.changed = true;
    if (isTaken(taken)) for (const member of changedIn(before, after, route)) there.managed.add(member);
    return taken;
  };

  const answers: Taken[] = [];
  for (const { older, unknown } of wrongVersions(route.version, seen.version)) {
    const taken = await asking(older);
    const other = taken && unknown && isTaken(taken) ? await asking(unknown) : undefined;
    if (taken)
      answers.push(other?.precondition === 'checked' ? { ...other, precondition: 'older-taken' } : taken);
  }
  // One part of the version that the server doesn't check is enough to lose an edit.
  const found = worstFirst
    .map((worst) => answers.find(({ precondition }) => precondition === worst))
    .find((taken) => taken !== undefined);
  const right = withVersion && found && there.latest ? await asking(there.latest.version) : undefined;
  const without = withoutVersion ? await asking(undefined) : undefined;
  return told({
    version: shownBy(call, seen),
    ...(found ?? { precondition: 'not-asked' }),
    ...(tells(right) && { withVersion: isTaken(right) ? 'taken' : 'refused' }),
    ...(tells(without) && { withoutVersion: isTaken(without) ? 'overwrites' : 'refused' }),
    ...((found ?? without) && there.latest && { changed: there.changed }),
    ...(there.managed.size > 0 && { readOnly: [...there.managed].sort() }),
  });
}

/** Whether the server has said what became of a write. */
function tells(taken: Taken | undefined): taken is Taken {
  return taken !== undefined && taken.precondition !== 'accepted';
}

/** Lists the members that a write of the very same state has changed, but for its version and its id. */
function changedIn(before: Representation, after: Representation, route: Route): readonly string[] {
  const [was, is] = [before, after].map((state) => bare(route, remoteState(state, route)));
  return isRecord(was) && isRecord(is) ? changedMembers(was, is) : [];
}

const worstFirst: readonly Precondition[] = [
  'ignored',
  'accepted',
  'refused-otherwise',
  'older-taken',
  'checked',
];

function shownBy({ route }: Call, { response, version }: Representation): ShownVersion {
  if (version.length === 0) return 'none';
  const isTagged = route.version.read.some(
    (carrier) => carrier.in === 'headers' && carrier.shown.toLowerCase() === 'etag',
  );
  return isTagged && response.headers.get('etag')?.startsWith('W/') ? 'weak' : 'found';
}

/** The reasons why a version can't be sent, by the code that the read ends with. */
const unusable: Readonly<Partial<Record<StopCode, ShownVersion>>> = {
  'version-missing': 'missing',
  'version-hidden': 'hidden',
  'version-weak': 'weak',
  'version-malformed': 'malformed',
};

function told(finding: Omit<Finding, 'says'>): Finding {
  return { ...finding, says: wordsFor(finding) };
}
