import { waitBefore } from '../core/backoff.ts';
import type { Budget } from '../core/budget.ts';
import type { Version } from '../core/version.ts';
import type { RecoveryListener } from '../events.ts';
import { abortsSoFar } from '../filed.ts';
import type { Reason } from '../report.ts';
import type { Route } from '../route.ts';
import type { Clock } from '../shell/clock.ts';
import { Deadline } from '../shell/deadline.ts';
import type { HeaderFields } from '../shell/kept-headers.ts';
import type { Content, Representation } from '../shell/representation.ts';
import type { Fetch, Rewrite, Write } from '../shell/transport.ts';
import type { Asked } from './asked.ts';
import type { Bases } from './bases.ts';
import { Journal } from './journal.ts';

/** A send that failed. */
export interface Failure {
  readonly failure: unknown;
}

/** What a first send came to, if the write was sent at all, and what was found out before. */
export interface First {
  readonly asked: Asked | undefined;
  /** What was sent, where that isn't just what the caller asked for. */
  readonly ready: Merged | undefined;
  /** `undefined` where the write begins with a read. */
  readonly answer?: Response | Failure | undefined;
  /** What ended it before there was an answer. */
  readonly threw?: { readonly error: unknown };
}

/** Makes a write of its own. */
export type Begin = (write: Write, route: Route, world: World) => Promise<Response>;

/** What becomes of writes that their first send has not made. */
export interface Recoverer {
  /** Hears of each write before it is sent. */
  readonly prepare?: () => void;
  /** @param begin Begins anew, with what a person has decided. */
  readonly recover: (call: Call, first: First, begin: Begin) => Promise<Response>;
}

/** What all writes of one client share. */
export interface World {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly bases: Bases;
  readonly recovery: Recoverer;
  /** The user that headers name. */
  readonly whose: (headers: HeaderFields) => string;
  /** Whether the client's `scope` says so. */
  readonly isScoped: boolean;
  readonly onEvent: RecoveryListener | undefined;
  /** Whether the body of a refusal is read at once, as by ky for its error: then that is within the time of the write. */
  readonly readsRefusals?: boolean;
  /** What recovery may cost; `undefined` for no end. */
  readonly budget: Budget | undefined;
}

/** The next write. */
export interface Merged {
  readonly kind: 'write';
  readonly rewrite: Rewrite;
  /** The whole state that it makes; `undefined` for a delete. */
  readonly content?: Content | undefined;
  /** The version that it carries. */
  readonly version?: Version | undefined;
  /** What it was merged onto; `undefined` for the caller's own, and for one that creates anew what was deleted. */
  readonly remote?: Representation | undefined;
  /** Whether it is the caller's own after all: what it was made of is still what is there. */
  readonly isAsAsked?: boolean;
  /** Whether it is the caller's own, and nothing has been read yet. */
  readonly isOriginal?: boolean;
  /** Whether the server says that it has made a part of it. */
  readonly isPart?: boolean;
}

/** What needs no write: the remote is kept, or it turns out that an earlier send has made it. */
export interface Unwritten {
  readonly kind: 'kept-remote' | 'already-applied';
  readonly remote: Representation;
}

/** What a recovery comes to: a write to send, nothing to write, or a reason to stop. */
export type Decided = Merged | Unwritten | Reason;

/** One write on its way to its first answer: what was asked, by which route, and what is kept of it. */
export interface Call {
  readonly write: Write;
  readonly route: Route;
  readonly world: World;
  readonly deadline: Deadline;
  readonly journal: Journal;
  /** What the write is stamped with, where the route stamps its writes. */
  readonly id: string | undefined;
  /** How many writes had been aborted when it began. */
  readonly since: number;
  /** Whether the write itself is out, and not yet answered. */
  inFlight: boolean;
  /** What the last send without an answer rejected with, while that is in doubt. */
  failure: unknown;
  /** How much it took from the budget. */
  taken: number;
  /** Whether it has ended, and its report is filed. */
  isOver: boolean;
}

/** One write that needs more than its first answer. */
export interface Run extends Call {
  /** Makes a new write of what a person decided. */
  readonly resume: (decided: Decided, signal: AbortSignal | undefined) => Promise<Response>;
  /** The sends that may have been made, though their answer was lost. */
  readonly doubts: Merged[];
  /** How many refusals in a row came though nothing but the version had changed. */
  standstill: number;
  /** What is written to, and how: as asked, unless the write came to create, or to meet what exists elsewhere. */
  target: { readonly method: string; readonly url: URL };
}

/** @param deadline Its time, where that runs already. */
export function startCall(
  write: Write,
  route: Route,
  world: World,
  deadline = new Deadline(world.clock, route.totalTimeout, write.signal, false),
): Call {
  return {
    write,
    route,
    world,
    deadline,
    journal: new Journal(write, route, world.onEvent),
    id: route.writeId && world.clock.id(),
    // One that is aborted already may have ended others in the same breath.
    since: write.signal?.aborted ? 0 : abortsSoFar(),
    inFlight: false,
    failure: undefined,
    taken: 0,
    isOver: false,
  };
}

export function startRun(call: Call, resume: Run['resume']): Run {
  return { ...call, resume, doubts: [], standstill: 0, target: call.write };
}

/** Takes from the budget what one more try costs. */
export function afford(run: Run, reason: 'conflict' | 'failure'): boolean {
  const { budget } = run.world;
  if (!budget) return true;
  const taken = budget.take(run.write.url.origin, reason);
  run.taken += taken ?? 0;
  return taken !== undefined;
}

/** Reads, the body included, within the time that one request has. That it takes too long is for the caller to judge. */
export async function within<Value>(
  { route, world, deadline }: Run,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  if (route.timeout === false) return deadline.race(work(deadline.signal));
  const limit = new Deadline(world.clock, route.timeout, deadline.signal);
  return limit.race(work(limit.signal)).finally(() => limit.stop());
}

/** How long to wait before a retry, in milliseconds. */
export function waitFor({ route, world, deadline }: Run, retry: number, retryAfter?: number): number {
  return waitBefore(retry, route, deadline.elapsed(), world.clock.random(), retryAfter);
}

/** Waits before a send, within the time that the write has. */
export async function pause({ deadline, journal }: Run, attempt: number, delay: number): Promise<void> {
  if (delay > 0) journal.tell(attempt, { kind: 'wait', delay });
  await deadline.sleep(delay);
}
