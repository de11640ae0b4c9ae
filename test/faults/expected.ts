import { afterLook, afterReRead } from './after-read.ts';
import { afterLoss, afterWrite, isEvident } from './after-write.ts';
import { bounds, type Case } from './case.ts';
import type { Seen } from './play.ts';

/** How a case has to come out, and by which requests. */
export type Expected = Pick<Seen, 'how' | 'trail'>;

/** The rules, as a function of the case: nothing here knows how recovery does it. */
export function expected(one: Case): Expected {
  const { how, trail } = one.lacks ? cutShort(one) : atStage(one);
  return { how, trail: one.maker === 'update' ? `R ${trail}` : trail };
}

function atStage(one: Case): Expected {
  switch (one.stage) {
    case 'first write':
      return afterWrite(one, { trail: 'W', made: 'applied' });
    case 'second write':
      return one.condition === 'nothing yet'
        ? ontoExisting(one)
        : afterWrite(one, { trail: 'W R W', made: 'merged' });
    case 'resend':
      return afterWrite(one, { trail: 'W R W', made: 'applied' });
    case 'every write':
      return always(one);
    case 're-read':
      return afterReRead(one);
    case 'look':
      return afterLook(one);
  }
}

/** What was to be created exists. From there on it is a write like any other, to the place where that is. */
function ontoExisting(one: Case): Expected {
  if (one.strategy.isYielding) return { how: 'unchanged', trail: 'W R' };
  return afterWrite({ ...one, method: 'PUT', condition: 'version' }, { trail: 'W R W', made: 'merged' });
}

/** It ends at the fault, as there is no time or budget to do anything about that. */
function cutShort({ stage, lacks }: Case): Expected {
  const trail = stage === 'first write' ? 'W' : stage === 'second write' ? 'W R W' : 'W R';
  return { how: lacks === 'time' ? 'timeout' : 'retry-budget', trail };
}

/** Each write meets the fault, until none is left. */
function always(one: Case): Expected {
  const { retry: limit } = bounds;
  const { meaning } = one.fault;
  const sent = `W${' W'.repeat(limit)}`;
  if (meaning === 'throttled') return { how: 'retry-limit', trail: sent };
  // The server is at work on this very write. The last look tells what came of it.
  if (meaning === 'key in use') {
    const unproved = one.fault.applied ? 'outcome-unknown' : 'retry-limit';
    return { how: isEvident(one) ? 'already-applied' : unproved, trail: `${sent} R` };
  }
  if (one.fault.applied) return afterLoss(one, { trail: 'W', made: 'applied' });
  return { how: 'retry-limit', trail: `W R${' W R'.repeat(limit)}` };
}
