import { defineStrategy, makerOf, remoteKept, type Strategy } from '../core/resolution.ts';

/**
 * The caller's state wins: it is written over whatever the server has now, under the server's fresh version. For
 * endpoints where the last writer is meant to win. As a rule of `threeWay` it takes the caller's value of one field,
 * also where only the server changed that field. Needs no base.
 */
export const keepLocal = /* @__PURE__ */ makerOf(function keepLocal<Value>(): Strategy<Value> {
  return defineStrategy<Value>(({ local }) => local, { repeatable: true });
});

/**
 * The server's state wins: nothing is written, and the write ends as `unchanged`. Needs no base. As a rule of
 * `threeWay` it is for fields that the server manages, such as `updatedAt`. A merge written by hand may return it, too:
 * `merge: ({ remote }) => remote.locked ? keepRemote() : …`.
 */
export const keepRemote = /* @__PURE__ */ makerOf(function keepRemote<Value>(): Strategy<Value> {
  return defineStrategy<Value>(remoteKept, { repeatable: true });
});
