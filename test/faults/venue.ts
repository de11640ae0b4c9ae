import type { Fault } from './fault.ts';
import type { Arrived, Resource } from './resource.ts';

/** What somebody else may do at any time. */
export type Turn = 'another writer' | 'a deletion';

/** A fault of one request: of the nth read or write of a resource, counted from 1, or of each from there on. */
interface Mishap {
  readonly on: 'read' | 'write';
  readonly nth: number;
  readonly isLasting?: boolean;
  readonly fault: Fault;
  /** What somebody else does right after it. */
  readonly then?: Turn;
}

/** What is to happen to one resource. */
export interface Script {
  /** Whether somebody else writes before the first write. */
  readonly isOvertaken?: boolean;
  readonly mishaps: readonly Mishap[];
}

/** A request that reached the resource. */
export interface Logged extends Arrived {
  /** Whether it changed the state, be it late. */
  changed: boolean;
  /** Whether the answer asked to wait. */
  readonly asksToWait: boolean;
}

/** One resource, what happens to it, and what has arrived. */
export interface Venue {
  readonly origin: string;
  readonly id: number;
  readonly path: string;
  /** Where a POST creates it. */
  readonly collection: string;
  readonly resource: Resource;
  readonly log: Logged[];
  /** What the caller's signal is made of. */
  readonly patience: AbortController;
  /** What followed a redirect, by where it led. */
  readonly strays: { readonly to: 'same origin' | 'other origin'; readonly request: string }[];
}
