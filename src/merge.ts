// The entry point `remerge/merge`: the merges alone, with no I/O, for a server, a worker or a form.
export type { Bounds } from './core/bounds.ts';
export { unknownBase, type Conflict, type ConflictReason } from './core/conflict.ts';
export { equal } from './core/equal.ts';
export { absent, formatPointer, parsePointer, valueAt, withValueAt, type Path } from './core/pointer.ts';
export {
  giveUp,
  isResolution,
  type Decision,
  type Resolution,
  type Sides,
  type Strategy,
} from './core/resolution.ts';
export { atomic } from './merge/atomic.ts';
export { counter } from './merge/counter.ts';
export { describeConflicts, type DescribeOptions } from './merge/describe.ts';
export { diff } from './merge/diff.ts';
export { max, min } from './merge/extremum.ts';
export { keepLocal, keepRemote } from './merge/keep.ts';
export { list, type ListOptions } from './merge/list.ts';
export { applyMergePatch } from './merge/merge-patch.ts';
export type { Pointer, ValueAt } from './merge/paths.ts';
export type { ConflictOption, FieldRule, MergeFunction, OnConflict, Rule, RuleKind } from './merge/rule.ts';
export { sequence, type SequenceOptions } from './merge/sequence.ts';
export { set } from './merge/set.ts';
export { text, type TextOptions } from './merge/text.ts';
export { merge, threeWay, type MergeOptions, type Rules } from './merge/three-way.ts';
export type { Merged } from './merge/walk.ts';
