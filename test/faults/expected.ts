import { bounds, type Case } from './case.ts';
import type { Seen } from './play.ts';

/** How a case has to come out, and by which requests. */
export type Expected = Pick<Seen, 'how' | 'trail'>;

/** The rules, as a function of the case: nothing here knows how recovery does it. */
export function expected(one: Case): Expected {
  const { how, trail } = one.isHurried ? outOfTime(one) : ofWrite(one);
  return { how, trail: one.maker === 'update' ? `R ${trail}` : trail };
}

function ofWrite(one: Case): Expected {
  switch (one.stage) {
    case 'first write':
      return afterWrite(one, { trail: 'W', made: 'as-asked' });
    case 'second write':
      return afterWrite(one, { trail: 'W R W', made: 'merged' });
    case 'resend':
      return afterWrite(one, { trail: 'W R W', made: 'as-asked' });
    case 'every write':
      return always(one);
    case 're-read':
      return afterReRead(one);
    case 'look':
      return afterLook(one);
  }
}

/** What has been sent and read so far, and what it is if the last write was made. */
interface Sofar {
  readonly trail: string;
  readonly made: 'as-asked' | 'merged';
}

const reads = (times: number): string => ' R'.repeat(times);

function afterWrite(one: Case, { trail, made }: Sofar): Expected {
  const { method, condition, fault, stage } = one;
  switch (fault.meaning) {
    case 'served':
      return { how: made, trail };
    case 'elsewhere':
      return { how: 'redirected', trail };
    case 'missing': {
      // What was there a moment ago, and is no more.
      if (stage !== 'first write' && method === 'DELETE') return { how: 'already-applied', trail };
      const isState = method === 'PUT' || method === 'PATCH';
      const isGone = condition === 'version' && (isState || stage !== 'first write');
      return { how: isGone ? 'gone' : 'not-a-conflict', trail };
    }
    case 'throttled':
      // It wasn't served, so a write that is protected can't be served twice.
      return isProtected(one) ? { how: made, trail: `${trail} W` } : { how: 'not-a-conflict', trail };
    case 'lost':
      return fault.isLate ? afterLateness(one) : afterLoss(one, { trail, made });
    case 'echo':
      return afterEcho(one, { trail, made });
    case 'aborted':
      return { how: 'aborted', trail };
    default:
      return { how: 'not-a-conflict', trail };
  }
}

function isProtected({ method, condition, strategy }: Case): boolean {
  if (strategy.proof === 'key') return true;
  return condition === 'version' || (condition === 'nothing yet' && method === 'PUT');
}

/** Whether the write was made, nobody knows. What the server shows is the evidence. */
function afterLoss(one: Case, { trail, made }: Sofar): Expected {
  const { method, condition, strategy, fault, isOvertaken } = one;
  const { applied } = fault;
  if (strategy.proof === 'key') {
    // The server knows the key, and says again what it said.
    if (applied || !isOvertaken || condition === 'none') return { how: made, trail: `${trail} W` };
    return { how: 'outcome-unknown', trail: `${trail} W R` };
  }
  const isWhole = saysWhole(one) || method === 'DELETE';
  if (!isProtected(one) && !isWhole && strategy.proof === undefined) return { how: 'outcome-unknown', trail };
  const looked = `${trail} R`;
  if (isEvident(one)) return { how: 'already-applied', trail: looked };
  if (condition === 'none') return { how: 'outcome-unknown', trail: looked };
  if (!applied && !isOvertaken) return { how: made, trail: `${looked} W` };
  if (condition === 'nothing yet' || !strategy.isSafe) return { how: 'outcome-unknown', trail: looked };
  // What is there has it already, unless the merge wants the others' changes away, or the delete is for what was recreated.
  const isIn = applied && !(isOvertaken && (strategy.isRuthless === true || method === 'DELETE'));
  return isIn ? { how: 'already-applied', trail: looked } : { how: 'merged', trail: `${looked} W` };
}

/** Whether what the server shows after a write proves that the write was made. */
function isEvident(one: Case): boolean {
  const { method, strategy, fault, isOvertaken } = one;
  if (!fault.applied) return false;
  // A delete leaves no place for an id.
  if (method === 'DELETE') return !isOvertaken;
  return strategy.proof === 'id' || (!isOvertaken && (strategy.proof === 'passing id' || saysWhole(one)));
}

/** Whether a write says all that is to be there, so that finding it there tells that it was made. */
function saysWhole({ maker, method }: Case): boolean {
  return method === 'PUT' && maker !== 'update';
}

/** It was on its way for so long that it arrives just before it is sent again. */
function afterLateness(one: Case): Expected {
  const { method, strategy, fault } = one;
  // The server knows the key, or the second one finds nothing left.
  if (strategy.proof === 'key') return { how: 'as-asked', trail: 'W W' };
  if (method === 'DELETE') return { how: 'already-applied', trail: 'W R W' };
  return afterLoss({ ...one, fault: { ...fault, applied: true } }, { trail: 'W R W', made: 'as-asked' });
}

/** It was made, and then refused: a conflict with itself. */
function afterEcho(one: Case, { trail, made }: Sofar): Expected {
  if (one.strategy.proof === 'key') return { how: made, trail };
  return { how: one.strategy.proof ? 'already-applied' : 'kept-remote', trail: `${trail} R` };
}

/** The time for all is over while one request hangs. */
function outOfTime({ stage }: Case): Expected {
  return { how: 'timeout', trail: { 'first write': 'W', 'second write': 'W R W' }[stage as string] ?? 'W R' };
}

/** Each write meets the fault, until none is left. */
function always(one: Case): Expected {
  const { limit } = bounds;
  if (one.fault.meaning === 'throttled') return { how: 'retries-exhausted', trail: `W${' W'.repeat(limit)}` };
  if (one.fault.applied) return afterLoss(one, { trail: 'W', made: 'as-asked' });
  return { how: 'retries-exhausted', trail: `W R${' W R'.repeat(limit)}` };
}

/** Why a read showed no state that can be merged onto. */
const unread = {
  denied: 'access-lost',
  elsewhere: 'redirected',
  other: 'read-failed',
  'no JSON': 'malformed-body',
  'no version': 'version-missing',
  'weak version': 'version-weak',
  'malformed version': 'version-malformed',
} as const;

/** The first write was refused, as somebody else came first; the read is the fault's. */
function afterReRead({ method, fault, isLasting }: Case): Expected {
  const { meaning } = fault;
  switch (meaning) {
    case 'lost':
    case 'throttled':
      return isLasting
        ? { how: 'read-failed', trail: `W${reads(bounds.limit + 1)}` }
        : { how: 'merged', trail: 'W R R W' };
    case 'old state':
      return isLasting ? { how: 'no-progress', trail: 'W R R' } : { how: 'merged', trail: 'W R R W' };
    case 'false version':
      return isLasting ? { how: 'no-progress', trail: 'W R W R R' } : { how: 'merged', trail: 'W R W R W' };
    case 'served':
    case 'echo':
      throw new Error('This is no fault of a read.');
    case 'aborted':
      return { how: 'aborted', trail: 'W R' };
    case 'missing':
      return { how: method === 'DELETE' ? 'already-applied' : 'gone', trail: 'W R' };
    case 'another type':
      // Who deletes has sent nothing of any type.
      return method === 'DELETE' ? { how: 'merged', trail: 'W R W' } : { how: 'content-type', trail: 'W R' };
    default:
      return { how: unread[meaning], trail: 'W R' };
  }
}

/** The first write got no answer; the read is the fault's. */
function afterLook(one: Case): Expected {
  const { method, fault, isLasting, loss = fault } = one;
  const lost: Case = { ...one, stage: 'first write', fault: loss };
  // What is gone shows nothing that could be wrong.
  const isGone = method === 'DELETE' && loss.applied;
  const { kind } = fault.deed;
  if (isGone && (kind === 'tag' || kind === 'cut' || kind === 'garble'))
    return { how: 'already-applied', trail: 'W R' };
  switch (fault.meaning) {
    case 'lost':
    case 'throttled':
      return isLasting
        ? { how: 'outcome-unknown', trail: `W${reads(bounds.limit + 1)}` }
        : afterLoss(lost, { trail: 'W R', made: 'as-asked' });
    case 'missing':
      return { how: method === 'DELETE' ? 'already-applied' : 'gone', trail: 'W R' };
    case 'aborted':
      return { how: 'aborted', trail: 'W R' };
    case 'old state':
      // It shows that the write wasn't made, so it goes out again, and is refused if it was.
      if (!loss.applied) return { how: 'as-asked', trail: 'W R W' };
      if (isGone) return { how: 'already-applied', trail: 'W R W' };
      return isLasting
        ? { how: 'outcome-unknown', trail: 'W R W R R' }
        : afterLoss(lost, { trail: 'W R W', made: 'as-asked' });
    case 'false version':
      // Somebody has written, and it may have been us.
      return isEvident(lost) || lost.strategy.isSafe
        ? { how: 'already-applied', trail: 'W R' }
        : { how: 'outcome-unknown', trail: 'W R' };
    default:
      return { how: 'outcome-unknown', trail: 'W R' };
  }
}
