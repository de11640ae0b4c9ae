import type { Asked } from './asked.ts';
import { readUrl } from './bases.ts';
import { waitBefore } from './core/backoff.ts';
import { equal } from './core/equal.ts';
import { mediaKind } from './core/media.ts';
import { diagnose } from './core/outcome.ts';
import { formatVersion, readVersion, sameVersion, type Version } from './core/version.ts';
import type { MergeContext } from './options.ts';
import type { Reason, StopCode } from './report.ts';
import { pause, within, type Run } from './run.ts';
import { decode, discard, readCapped } from './shell/body.ts';
import { readRepresentation, valueOf, type Representation } from './shell/representation.ts';
import { isRedirect, readLatest } from './shell/transport.ts';

/** A refusal that recovery takes on. */
export interface Refusal {
  readonly response: Response;
  readonly reason: MergeContext['reason'];
  /** The version that was refused; `undefined` where the write carried none. */
  readonly refused: Version | undefined;
  /** The representation that the refusal itself carries, for a recovery that begins at once. */
  readonly carried: Representation | undefined;
  /** The representation that the refused write was merged onto; `undefined` for the first. */
  readonly seen: Representation | undefined;
}

/** The representation that a refused write has to be merged onto, or why there is none. */
export async function latest(
  run: Run,
  asked: Asked,
  refusal: Refusal,
  attempt: number,
): Promise<Representation | Reason> {
  const { route, world, deadline, journal } = run;
  const { carried } = refusal;
  if (carried && moved(run, asked, refusal, carried)) {
    journal.read(attempt, carried.response, carried.version);
    return carried;
  }

  let remote = await read(run, asked, attempt);
  if ('code' in remote || moved(run, asked, refusal, remote)) return remote;

  // The very version that was just refused: a replica that lags, or no conflict at all. One more look tells.
  const delay = waitBefore(Math.max(attempt, 2), route, world.clock.random());
  if (delay >= deadline.remaining()) return { code: 'timeout' };
  await pause(run, attempt, delay);
  remote = await read(run, asked, attempt);
  if ('code' in remote || moved(run, asked, refusal, remote)) return remote;

  const { headers } = remote.response;
  const likely = diagnose({
    status: refusal.response.status,
    body: String(await refusalText(refusal.response, route.maxBytes)),
    version: formatVersion(remote.version),
    relayed: ['age', 'via', 'x-cache', 'cf-cache-status'].some((name) => headers.has(name)),
  });
  return { code: 'no-progress', likely };
}

/** Whether a write asks for the resource to be new. */
export function isCreating({ write, route }: Run, { version }: Asked): boolean {
  const byPost = write.method === 'POST' && version === undefined;
  return write.headers.has('if-none-match') || (byPost && (!!route.locate || route.createBy === 'POST'));
}

/** Turns to the resource that was to be created and exists. Where a POST's is, only the route can say. */
export function locateExisting(run: Run, asked: Asked, body: unknown): boolean {
  const { write, route } = run;
  if (route.onExists === 'fail') return false;
  if (write.method !== 'POST') return true;
  const value = asked.said(asked.kind ?? 'json');
  const found = route.locate?.({ value, url: new URL(write.url), body });
  if (found === undefined) return false;
  run.target = { method: 'PUT', url: new URL(found, write.url) };
  return true;
}

/** A conflict is real only if the version is another than the one that was refused. */
function moved({ route }: Run, asked: Asked, { refused, seen }: Refusal, remote: Representation): boolean {
  if (refused === undefined) return true;
  if (refused.length > 0) return !sameVersion(refused, remote.version);
  // No version to compare (`none()`): then the state itself.
  const before = seen ? valueOf(seen.kind, seen.content, route) : asked.base(remote.kind);
  return before === undefined || !equal(before, valueOf(remote.kind, remote.content, route));
}

export function isGone({ status }: Response): boolean {
  return status === 404 || status === 410;
}

/** Why a read with a status other than 200 shows no state. */
export function unreadCode(response: Response): StopCode {
  if (isRedirect(response)) return 'redirected';
  const { status } = response;
  return isGone(response) ? 'gone' : status === 401 || status === 403 ? 'access-lost' : 'read-failed';
}

async function read(run: Run, asked: Asked, attempt: number): Promise<Representation | Reason> {
  const { write, route, world, target, deadline, journal } = run;
  try {
    const url = readUrl(route, target.url);
    if (url.origin !== write.url.origin) return { code: 'redirected' };
    return await within(run, async (signal) => {
      const response = await readLatest(world.fetch, write, url, signal);
      if (response.status !== 200) {
        discard(response);
        journal.read(attempt, response, undefined);
        return { code: unreadCode(response) };
      }
      const remote = await readRepresentation(response, { ...route, kind: asked.kind });
      if ('code' in remote) discard(response);
      journal.read(attempt, response, 'code' in remote ? undefined : remote.version);
      return remote;
    });
  } catch (cause) {
    deadline.signal.throwIfAborted();
    return { code: 'read-failed', cause };
  }
}

/** The body of a refusal: parsed JSON where it says so, else text. The response stays readable for the caller. */
export async function refusalBody({ route }: Run, response: Response): Promise<unknown> {
  const text = await refusalText(response, route.maxBytes);
  try {
    if (text !== undefined && mediaKind(response.headers.get('content-type')) === 'json')
      return route.parseJson(text);
  } catch {
    // What says it is JSON and isn't is text.
  }
  return text;
}

async function refusalText(response: Response, maxBytes: number): Promise<string | undefined> {
  try {
    const bytes = await readCapped(response.clone(), maxBytes);
    return bytes && decode(bytes);
  } catch {
    return undefined;
  }
}

/** The state that a route found in a refusal, as a representation; `undefined` where there is none with a version. */
export function carriedIn({ route }: Run, response: Response, value: unknown): Representation | undefined {
  if (value === undefined) return undefined;
  const version = readVersion(route.version, response.headers, value);
  return 'problem' in version
    ? undefined
    : { kind: 'json', content: route.stringifyJson(value), version, response };
}
