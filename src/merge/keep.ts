import { defineStrategy, remoteKept, type Strategy } from '../core/resolution.ts';

/**
 * The caller's state wins: it is written over whatever the server has now, under its fresh version.
 * For endpoints where the last writer is meant to win. Needs no base.
 */
export function keepLocal<Value>(): Strategy<Value> {
  return defineStrategy<Value>(({ local }) => local);
}

/**
 * The server's state wins: nothing is written, and the write ends as `kept-remote`. Needs no base.
 * A merge written by hand may return it, too: `merge: ({ remote }) => remote.locked ? keepRemote() : …`.
 */
export function keepRemote<Value>(): Strategy<Value> {
  return defineStrategy<Value>(() => remoteKept);
}
