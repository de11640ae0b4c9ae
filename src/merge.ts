// The entry point `remerge/merge`: the merges alone, with no I/O, for a server, a worker or a form.

export { unknownBase, type Conflict } from './core/conflict.ts';
export { equal } from './core/equal.ts';
export { absent, formatPointer, parsePointer, valueAt, withValueAt } from './core/pointer.ts';
export { giveUp, isResolution, type Resolution, type Sides, type Strategy } from './core/resolution.ts';
export { atomic } from './merge/atomic.ts';
export { counter } from './merge/counter.ts';
export { describeConflicts } from './merge/describe.ts';
export { diff } from './merge/diff.ts';
export { max, min } from './merge/extremum.ts';
export { keepLocal, keepRemote } from './merge/keep.ts';
export { list } from './merge/list.ts';
export { applyMergePatch } from './merge/merge-patch.ts';

export type { Rule } from './merge/rule.ts';
export { sequence } from './merge/sequence.ts';
export { set } from './merge/set.ts';
export { text } from './merge/text.ts';
export { merge, threeWay, type MergeOptions, type Rules } from './merge/three-way.ts';
export type { Merged } from './merge/walk.ts';
