import { ruleFor } from './core/version-rule.ts';
import { stopped } from './errors.ts';
import type { Overrides } from './options.ts';
import { isTaken, take } from './recovery/accept.ts';
import { keepBase, stateOf } from './recovery/known-state.ts';
import { startCall, type First, type Shared } from './recovery/call.ts';
import { prepare, type Preparation } from './recovery/prepare.ts';
import { underBase } from './recovery/under-base.ts';
import { withKey } from './recovery/write-id.ts';
import { overrideRoute, type Route } from './route.ts';
import { send } from './stages/send.ts';
import type { BodySnapshot } from './shell/body.ts';
import { Deadline } from './shell/deadline.ts';
import { checkOptions } from './shell/options.ts';
import { bodyOfCall, isRequest, snapshotWrite, lineOf, readWhile } from './shell/request.ts';
import type { Write } from './shell/transport.ts';

/** The init of `fetch`, with the options of one write. */
export interface RecoveringInit extends RequestInit {
  /**
   * The state that the body was derived from: the merge gets it as `base`. A value of `json()` or `read()` is recognised
   * by identity, even if it was changed since: the write gets its version, unless a header or the query names one. A copy
   * brings the version that stands in it; if there is none, the write begins with a read. Default: what is remembered.
   */
  readonly base?: unknown;
  /** Options in which this write differs from its route. Default: none. */
  readonly recovery?: Overrides;
}

/**
 * Makes a write on a route, and recovers it from conflicts.
 *
 * @throws {TypeError} for a base that is a state of another resource.
 */
export async function write(
  shared: Shared,
  given: Route,
  url: URL,
  input: string | URL | Request,
  init: RecoveringInit = {},
): Promise<Response> {
  const { base, recovery, signal } = init;
  // fetch refuses an init or a signal that is none.
  if (Object(init) !== init || (signal != null && !('aborted' in Object(signal))))
    return shared.fetch(input, init);
  const { method } = lineOf(input, init);
  if (recovery) checkOptions('write', recovery);
  const version = ruleFor(given.version, method);
  const route = overrideRoute(version === given.version ? given : { ...given, version }, recovery);
  const from = keepBase(base, route, () => stopped(method, url, 'too-deep', 'It is the base'));
  const call = withoutOurs(init);
  // A Request counts as used at once, even if its body has to be read before the write is sent.
  const isFirst = from !== undefined || route.writeId !== undefined || route.keyHeader !== undefined;
  let source = input;
  let said: BodySnapshot | Request | undefined;
  try {
    if (isRequest(input) && (isFirst || (call.signal ?? input.signal).aborted)) source = new Request(input);
    said = bodyOfCall(source, call);
  } catch {
    return shared.fetch(input, call);
  }
  const { maxBytes, totalTimeout } = route;
  const copy = said && 'clone' in said ? said : undefined;
  const body = said && 'content' in said ? said : undefined;
  const { state } = given;
  let asked: Write = {
    ...snapshotWrite(shared.fetch, source, call, { method, url, body, base: from }),
    state,
  };
  const deadline = copy && new Deadline(shared.clock, totalTimeout, asked.signal, false);
  if (deadline) asked = await readWhile(asked, copy, maxBytes, isFirst, deadline);
  if (!deadline?.signal.aborted) asked = underBase(shared.fetch, asked, route, stateOf(base));
  return begin(asked, route, shared, deadline);
}

/**
 * Sends a write once. Most writes end here, with a plain success. Recovery takes over for any other answer.
 *
 * @param deadline The deadline of the write, if it runs already.
 */
async function begin(given: Write, route: Route, shared: Shared, deadline?: Deadline): Promise<Response> {
  const write = route.keyHeader ? withKey(given, route.keyHeader, shared) : given;
  const call = startCall(write, route, shared, deadline);
  shared.recovery.prepare?.();
  let ready: Preparation | undefined;
  let answer: First['answer'] = { kind: 'not-sent' };
  try {
    if (write.body && (write.base || route.writeId)) ready = await prepare(call);
    const prepared = ready?.prepared;
    if (!ready?.isBlind) answer = await send(call, prepared, 0);
    if (answer.kind === 'answered' && isTaken(call, answer.response, prepared !== undefined)) {
      const response = take(call, answer.response, prepared);
      call.deadline.stop();
      return response;
    }
  } catch (error) {
    answer = { kind: 'threw', error };
  }
  return shared.recovery.recover(call, { intent: ready?.intent, prepared: ready?.prepared, answer }, begin);
}

/** Removes remerge's own options before the call reaches fetch. Most calls have none, and go out as they are. */
export function withoutOurs<Said extends { base?: unknown; recovery?: unknown }>(
  said: Said,
): Omit<Said, 'base' | 'recovery'> {
  if (!('base' in said || 'recovery' in said)) return said;
  const call = { ...said };
  delete call.base;
  delete call.recovery;
  return call;
}
