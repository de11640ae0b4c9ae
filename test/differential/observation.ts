import type { Abort } from './signals.ts';
import { errorTold } from './errors.ts';
import { answerTold, keysOf, look } from './looks.ts';
import type { Arrived, Stage } from './stage.ts';

/** What one side did, as far as anybody can see it. */
export interface Observation {
  /** What is compared, each by its name. */
  readonly seen: Readonly<Record<string, unknown>>;
  readonly arrived: readonly Arrived[];
  /** The same requests, as they are compared. */
  readonly requests: readonly RequestTold[];
  /** How often it waited for time to pass. */
  readonly waits: number;
  /** Whether it had an answer, whatever came of looking at that. */
  readonly hasAnswer: boolean;
  /** What it resolved to or rejected with; neither where it never ended. */
  readonly outcome: Outcome;
  /** What its signal was aborted with before it ended, if it was. */
  readonly aborted: Abort['reason'];
}

export type Outcome =
  | { readonly kind: 'resolved'; readonly value: unknown }
  | { readonly kind: 'rejected'; readonly error: unknown }
  | { readonly kind: 'pending' };

/** Beyond this a call has stalled: nothing that the server does takes any time. A call that ends doesn't wait for it. */
const patience = 10_000;

/** How a promise ends. */
export async function outcomeOf(promise: unknown): Promise<Outcome> {
  const { promise: late, resolve } = Promise.withResolvers<Outcome>();
  const timer = setTimeout(() => resolve({ kind: 'pending' }), patience);
  const ended = Promise.resolve(promise).then(
    (value): Outcome => ({ kind: 'resolved', value }),
    (error: unknown): Outcome => ({ kind: 'rejected', error }),
  );
  const outcome = await Promise.race([ended, late]);
  clearTimeout(timer);
  return outcome;
}

/** Lets everything run that needs no time. */
export async function turns(count = 6): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** How a call ended, and what came of looking at its answer. */
export async function endOf(outcome: Outcome, abort: Abort, way: string): Promise<Record<string, unknown>> {
  if (outcome.kind === 'pending') return { ended: 'never' };
  if (outcome.kind === 'rejected') {
    const { error } = outcome;
    const isReason = abort.reason !== undefined && Object.is(error, abort.reason.reason);
    return { ended: 'rejected', error: errorTold(error), 'is the reason': isReason };
  }
  const { value } = outcome;
  const seen = prefixed('answer', answerTold(value));
  const looking = outcomeOf(look(value, way));
  await turns(2);
  abort.at('aborted while the answer is read');
  const looked = await looking;
  const found = looked.kind === 'resolved' ? looked.value : looked.kind;
  const after = { bodyUsed: (Object(value) as Partial<Response>).bodyUsed, keys: keysOf(value) };
  return { ended: 'resolved', ...seen, [`looked at (${way})`]: found, 'answer afterwards': after };
}

/** What arrived, as it can be compared. */
export async function requestsSeen(stage: Stage): Promise<readonly RequestTold[]> {
  // A body that nobody ends is as it is by now.
  await outcomeOf(stage.quiet());
  return stage.arrived.map(requestTold);
}

/** A request without what differs by nature. */
export interface RequestTold {
  readonly line: string;
  readonly headers: readonly string[];
  readonly body: string;
}

/** Tells a request. The name of a form's boundary is chance. */
function requestTold({ method, origin, path, headers, body, isWhole }: Arrived): RequestTold {
  return {
    line: `${method} ${path} at ${origin}`,
    headers: headers.map(([name, value]) => `${name}: ${plainBoundary(value)}`).sort(),
    body: isWhole ? plainBoundary(body.toString('latin1')) : 'cut off',
  };
}

function plainBoundary(text: string): string {
  return text.replace(/----formdata-undici-\d+/g, '----boundary');
}

/** The same with the names of the sides taken out of all addresses. */
export function withoutSide<Value>(value: Value): Value {
  if (typeof value === 'string') return value.replace(/\/[ab]\/(\d+)\//g, '/-/$1/') as Value;
  if (Array.isArray(value)) return value.map(withoutSide) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, own]) => [name, withoutSide(own)])) as Value;
}

function prefixed(prefix: string, record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [`${prefix}: ${name}`, value]));
}
