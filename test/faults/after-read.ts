import { afterLoss, isEvident } from './after-write.ts';
import { bounds, type Case } from './case.ts';
import type { Expected } from './expected.ts';

const reads = (times: number): string => ' R'.repeat(times);

/** Why a read showed no state that can be merged onto. */
const unread = {
  denied: 'unauthorized',
  elsewhere: 'redirect',
  other: 'read-error',
  'no JSON': 'malformed-body',
  'no version': 'version-missing',
  'weak version': 'version-weak',
  'malformed version': 'version-malformed',
} as const;

/** The first write was refused, as somebody else came first; the read is the fault's. */
export function afterReRead({ method, strategy, fault, isLasting }: Case): Expected {
  const { meaning } = fault;
  switch (meaning) {
    case 'lost':
    case 'throttled':
      return isLasting
        ? { how: 'read-error', trail: `W${reads(bounds.retry + 1)}` }
        : { how: 'merged', trail: 'W R R W' };
    case 'old state':
      return isLasting ? { how: 'no-progress', trail: 'W R R' } : { how: 'merged', trail: 'W R R W' };
    case 'false version':
      return isLasting ? { how: 'no-progress', trail: 'W R W R R' } : { how: 'merged', trail: 'W R W R W' };
    case 'served':
    case 'echo':
    case 'key in use':
    case 'key reused':
      throw new Error('This is no fault of a read.');
    case 'abort':
      return { how: 'abort', trail: 'W R' };
    case 'missing':
      if (method === 'DELETE') return { how: 'already-applied', trail: 'W R' };
      // It is there after all, and no write of something new replaces it.
      return strategy.options.onConflict?.gone === 'recreate'
        ? { how: 'merged', trail: 'W R W R W' }
        : { how: 'gone', trail: 'W R' };
    case 'another type':
      // Who deletes has sent nothing of any type.
      return method === 'DELETE' ? { how: 'merged', trail: 'W R W' } : { how: 'content-type', trail: 'W R' };
    default:
      return { how: unread[meaning], trail: 'W R' };
  }
}

/** The first write got no answer; the read is the fault's. */
export function afterLook(one: Case): Expected {
  const { method, strategy, fault, isLasting, loss = fault } = one;
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
        ? { how: 'outcome-unknown', trail: `W${reads(bounds.retry + 1)}` }
        : afterLoss(lost, { trail: 'W R', made: 'applied' });
    case 'missing':
      if (method === 'DELETE') return { how: 'already-applied', trail: 'W R' };
      if (strategy.options.onConflict?.gone !== 'recreate' || !strategy.isSafe)
        return { how: 'gone', trail: 'W R' };
      return loss.applied
        ? { how: 'already-applied', trail: 'W R W R' }
        : { how: 'merged', trail: 'W R W R W' };
    case 'abort':
      return { how: 'abort', trail: 'W R' };
    case 'old state':
      // It shows that the write wasn't made, so it goes out again, and is refused if it was.
      if (!loss.applied) return { how: 'applied', trail: 'W R W' };
      if (isGone) return { how: 'already-applied', trail: 'W R W' };
      return isLasting
        ? { how: 'outcome-unknown', trail: 'W R W R R' }
        : afterLoss(lost, { trail: 'W R W', made: 'applied' });
    case 'false version':
      // Somebody has written, and it may have been us.
      return isEvident(lost) || strategy.isSafe
        ? { how: 'already-applied', trail: 'W R' }
        : { how: 'outcome-unknown', trail: 'W R' };
    default:
      return { how: 'outcome-unknown', trail: 'W R' };
  }
}
