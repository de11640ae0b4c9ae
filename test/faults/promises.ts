import { bounds, boundsOf, type Case } from './case.ts';
import type { Doc } from './resource.ts';
import type { Seen } from './play.ts';
import { mine, secrets } from './writing.ts';
import type { Logged } from './venue.ts';

/** The promises that hold whatever happens, and which of them a case broke. */
export function broken(one: Case, seen: Seen): readonly string[] {
  return Object.entries(promises)
    .filter(([, isKept]) => !isKept(one, seen))
    .map(([name]) => name);
}

const made: readonly string[] = ['applied', 'merged', 'already-applied', 'unchanged'];

const promises: Readonly<Record<string, (one: Case, seen: Seen) => boolean>> = {
  'no write is unconditional but the caller’s own': ({ condition }, { venue }) => {
    const writes = venue.log.filter(({ method }) => method !== 'GET');
    const isOwn = (index: number): boolean => index === 0 && condition !== 'version';
    return writes.every((write, index) => isOwn(index) || isProtected(write, writes.slice(0, index)));
  },

  'nobody else loses an update': ({ method, strategy }, { venue }) => {
    const { doc, others } = venue.resource;
    if (strategy.isRuthless || (method === 'DELETE' && strategy.options.onConflict?.changed === 'delete'))
      return true;
    return new Set(doc?.theirs).size === others;
  },

  'what was acknowledged was made': ({ method, fault, strategy }, { venue, how }) => {
    if (!made.includes(how)) return true;
    // To leave it at what others have made was the caller's own decision.
    if (how === 'unchanged' && strategy.isYielding) return true;
    // A read that claims that there is nothing has the last word on a delete.
    if (fault.meaning === 'missing' && how === 'already-applied') return true;
    const { doc, history, wasRemoved } = venue.resource;
    if (method === 'DELETE') return history.includes(undefined);
    return wasRemoved ? history.some((past) => entriesIn(past) === 1) : entriesIn(doc) === 1;
  },

  'nothing was ever there twice': (_, { venue }) =>
    venue.resource.history.every((doc) => entriesIn(doc) <= 1),

  'what was made is never reported as not made': (_, { venue, report }) => {
    const isChanged = venue.log.some(({ changed }) => changed);
    return !isChanged || report.outcome !== 'failed' || report.maybeApplied;
  },

  'a read has the caller’s credentials, and nothing of the write': (_, { venue }) =>
    venue.log.every(
      ({ method, ifMatch, ifNoneMatch, key, body, authorization }) =>
        authorization === secrets.authorization &&
        (method !== 'GET' || (!ifMatch && !ifNoneMatch && !key && !body)),
    ),

  'a key is for one body': (_, { venue }) => {
    const keyed = venue.log.filter(({ key }) => key !== undefined);
    return keyed.every(({ key, body }) => keyed.every((other) => other.key !== key || other.body === body));
  },

  'no request is made without end': (_, { venue }) => {
    const reads = venue.log.filter(({ method }) => method === 'GET').length;
    const sends = venue.log.length - reads;
    // A read is made again as often as a write, and one more look is taken at a version that hasn't moved.
    return sends <= bounds.retry + 1 && reads <= (bounds.retry + 1) * 2;
  },

  'time is kept': (one, { elapsed, timers }) => elapsed <= boundsOf(one).totalTimeout && timers === 0,

  'who asks to wait is waited for': (_, { venue, elapsed }) =>
    elapsed >= venue.log.slice(0, -1).filter(({ asksToWait }) => asksToWait).length * 3000,

  'only the first write follows a redirect, as fetch does': ({ stage }, { venue }) =>
    venue.strays.length <= (stage === 'first write' ? 1 : 0),

  'every send is reported': (_, { venue, report }) =>
    report.attempts.length === venue.log.filter(({ method }) => method !== 'GET').length,
};

function isProtected({ ifMatch, ifNoneMatch, key, body }: Logged, before: readonly Logged[]): boolean {
  if (ifMatch !== undefined && ifMatch !== '*') return true;
  if (ifNoneMatch === '*' || (JSON.parse(body || '{}') as Doc).version !== undefined) return true;
  return key !== undefined && before.some((write) => write.key === key && write.body === body);
}

function entriesIn(doc: Seen['venue']['resource']['doc']): number {
  return doc?.entries.filter((entry) => entry === mine).length ?? 0;
}
