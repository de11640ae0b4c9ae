import type { Case } from './case.ts';
import type { Expected } from './expected.ts';

/** What has been sent and read so far, and what it is if the last write was made. */
export interface Sofar {
  readonly trail: string;
  readonly made: 'applied' | 'merged';
}

/** How a write comes out whose last send met the fault. */
export function afterWrite(one: Case, { trail, made }: Sofar): Expected {
  const { maker, method, condition, fault, stage } = one;
  switch (fault.meaning) {
    case 'served':
      return { how: made, trail };
    case 'elsewhere':
      return { how: 'redirect', trail };
    case 'missing': {
      // What was there a moment ago, and is no more.
      const isFine = stage !== 'first write' || maker === 'handle';
      if (isFine && method === 'DELETE') return { how: 'already-applied', trail };
      const isState = method === 'PUT' || method === 'PATCH';
      const isGone = condition === 'version' && (isState || stage !== 'first write');
      return { how: isGone ? 'gone' : 'not-a-conflict', trail };
    }
    case 'throttled':
      // It wasn't served, so a write that is protected can't be served twice.
      return isProtected(one) ? { how: made, trail: `${trail} W` } : { how: 'not-a-conflict', trail };
    case 'lost':
      return fault.isLate ? afterLateness(one) : afterLoss(one, { trail, made });
    case 'key in use':
      return { how: made, trail: `${trail} W` };
    case 'key reused':
      return { how: 'key-reuse', trail };
    case 'echo':
      return afterEcho(one, { trail, made });
    case 'abort':
      return { how: 'abort', trail };
    default:
      return { how: 'not-a-conflict', trail };
  }
}

function isProtected({ method, condition, strategy }: Case): boolean {
  if (strategy.proof === 'key') return true;
  return condition === 'version' || (condition === 'nothing yet' && method === 'PUT');
}

/** Whether the write was made, nobody knows. What the server shows is the evidence. */
export function afterLoss(one: Case, { trail, made }: Sofar): Expected {
  const { method, condition, strategy, fault, then } = one;
  const { applied } = fault;
  if (strategy.proof === 'key') {
    // The server knows the key, and says again what it said.
    if (applied || !then || condition === 'none') return { how: made, trail: `${trail} W` };
    return { how: 'outcome-unknown', trail: `${trail} W R` };
  }
  const isWhole = saysWhole(one) || method === 'DELETE';
  if (!isProtected(one) && !isWhole && strategy.proof === undefined) return { how: 'outcome-unknown', trail };
  const looked = `${trail} R`;
  if (then === 'a deletion') return afterDeletion(one, looked);
  if (isEvident(one)) return { how: 'already-applied', trail: looked };
  if (condition === 'none') {
    // What is there now may be deleted, as whatever was there might.
    return method === 'DELETE' && strategy.isSafe
      ? { how: 'merged', trail: `${looked} W` }
      : { how: 'outcome-unknown', trail: looked };
  }
  if (!applied && !then) return { how: made, trail: `${looked} W` };
  if (isDisproved(one)) return { how: 'merged', trail: `${looked} W` };
  const isLeft = condition === 'nothing yet' && (strategy.options.onConflict?.exists ?? 'fail') === 'fail';
  if (isLeft || !strategy.isSafe) return { how: 'outcome-unknown', trail: looked };
  if (strategy.isYielding) return { how: 'unchanged', trail: looked };
  // What is there has it already, unless the merge wants the others' changes away, or the delete is for what was recreated.
  const isIn = applied && !(then && (strategy.isRuthless === true || method === 'DELETE'));
  if (isIn) return { how: isCreated(one) ? 'unchanged' : 'already-applied', trail: looked };
  // What is as it was before may have been made, and taken back.
  const isBack = !applied && method !== 'DELETE' && !isCreated(one);
  return isBack ? { how: 'outcome-unknown', trail: looked } : { how: 'merged', trail: `${looked} W` };
}

/** Whether what the server shows after a write proves that the write was made. */
export function isEvident(one: Case): boolean {
  const { method, strategy, fault, then } = one;
  if (!fault.applied) return false;
  // A delete leaves no place for an id.
  if (method === 'DELETE') return !then;
  if (strategy.proof === 'id' || strategy.proof === 'log') return true;
  // Another may have created the same.
  return !then && (strategy.proof === 'passing id' || (saysWhole(one) && !isCreated(one)));
}

function isCreated({ condition, stage }: Case): boolean {
  return condition === 'nothing yet' && stage === 'first write';
}

/** Whether the log of writes proves that none was made. A patch doesn't say the log that it was made of. */
function isDisproved({ method, strategy, stage, fault }: Case): boolean {
  if (strategy.proof !== 'log' || fault.applied) return false;
  return method !== 'PATCH' || stage === 'second write';
}

/** Whether a write says all that is to be there, so that finding it there tells that it was made. */
function saysWhole({ maker, method }: Case): boolean {
  return method === 'PUT' && maker !== 'update';
}

/** Somebody has deleted it. */
function afterDeletion({ method, strategy }: Case, trail: string): Expected {
  if (method === 'DELETE') return { how: 'already-applied', trail };
  const isRecreated = strategy.options.onConflict?.gone === 'recreate' && strategy.isSafe;
  return isRecreated ? { how: 'merged', trail: `${trail} W` } : { how: 'gone', trail };
}

/** It was on its way for so long that it arrives just before it is sent again. */
function afterLateness(one: Case): Expected {
  const { method, strategy, fault } = one;
  // The server knows the key, or the second one finds nothing left.
  if (strategy.proof === 'key') return { how: 'applied', trail: 'W W' };
  if (method === 'DELETE') return { how: 'already-applied', trail: 'W R W' };
  return afterLoss({ ...one, fault: { ...fault, applied: true } }, { trail: 'W R W', made: 'applied' });
}

/** It was made, and then refused: a conflict with itself. */
function afterEcho({ strategy }: Case, { trail, made }: Sofar): Expected {
  if (strategy.proof === 'key') return { how: made, trail };
  return { how: strategy.proof ? 'already-applied' : 'unchanged', trail: `${trail} R` };
}
