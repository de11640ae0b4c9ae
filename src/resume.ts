import type { Conflict } from './core/conflict.ts';
import type { Begin, Call } from './recovery/call.ts';
import { endWith, refuse } from './recovery/finish.ts';
import { Journal } from './recovery/journal.ts';
import type { Aligned, Prepared } from './recovery/records.ts';
import { remoteState } from './recovery/states.ts';
import type { Question } from './report.ts';
import type { Representation } from './shell/representation.ts';
import { renewKey, sendAgain, type Write } from './shell/transport.ts';
import { build, type Onto } from './stages/build.ts';

/** The states that a person is asked about. */
interface Matter {
  readonly aligned: Aligned;
  readonly onto: Onto;
  /** The merge so far. Default: the remote state. */
  readonly merged: unknown;
  readonly conflicts: readonly Conflict[] | undefined;
}

/**
 * The question for a person; `undefined` where the write says no state. Until the answer, only the states that it shows are
 * held. The answer is a new write, whose base is what was shown: it goes through the door again.
 */
export function questionOf(
  { aligned, onto, merged, conflicts = [] }: Matter,
  call: Call,
  begin: Begin,
): Question<unknown, Response> | undefined {
  if (aligned.kind === 'rejected' || call.write.method === 'DELETE') return undefined;
  const { base, local, remote } = aligned.sides();
  return {
    base,
    local,
    remote,
    merged: merged ?? aligned.sides().remote,
    conflicts,
    resume: async (value, { signal } = {}) => {
      const { write, shared } = call;
      const route = call.route.batch?.own ?? call.route;
      const anew = { ...call, route, journal: new Journal(write, route, shared.onEvent), taken: 0 };
      // It has an id of its own, and what is asked about is settled then.
      const answered = { ...onto, id: undefined };
      const built = await build({ kind: 'write', value, by: 'person' }, answered, call.route);
      if (built.kind === 'rejected') return refuse(anew, undefined, built.failure);
      if (built.kind === 'unchanged') return endWith(anew, 'unchanged', onto.latest);
      return begin(followUp(call, built.prepared, onto.latest, signal), route, shared);
    },
  };
}

/** The write that a person has decided on. */
function followUp(
  { write, route, shared }: Call,
  { request, state }: Prepared,
  latest: Representation,
  signal: AbortSignal | undefined,
): Write {
  const key = 'idempotency-key';
  // A server that knows the key would answer as it did before, and make nothing.
  if (request.headers.get(key) === write.headers.get(key)) renewKey(request.headers, () => shared.clock.id());
  const headers = new Headers(request.headers);
  // If the caller left the content type to fetch, the follow-up is of the kind that the server answers with.
  if (!write.headers.has('content-type')) headers.delete('content-type');
  return {
    ...write,
    method: request.method,
    url: request.url,
    headers,
    body: { content: request.content, type: write.body?.type },
    ...(state !== undefined && { state }),
    base: () => remoteState(latest, route),
    send: (within) => sendAgain(shared.fetch, write, request, within),
    isSent: false,
    signal,
  };
}
