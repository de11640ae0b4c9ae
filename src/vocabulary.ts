export type { Client, ClientOptions, Verb } from './client/create.ts';
export type { CallOptions } from './client/client-instance.ts';
export type { BasedOptions, Resource, Snapshot, UpdateOptions, WriteOptions } from './resource.ts';
export type { Recipe } from './client/recipe.ts';
export type { RecoveringFetch, ClientWide, RecoveryOptions } from './wrap.ts';
export type { RecoveringInit } from './write.ts';
export type { ConflictContext, Merge, MergeContext } from './merging.ts';
export type { Overrides, RouteOptions } from './options.ts';
export type { Existing, StaleDelete, StaleWrite } from './core/choice.ts';
export { defineRoute, type RouteDefinition, type RoutePath } from './route.ts';

export {
  etag,
  field,
  header,
  lastModified,
  query,
  type Carrier,
  type FieldCarrier,
  type HeaderCarrier,
  type QueryCarrier,
  type ReadableCarrier,
  type WeakTags,
} from './core/version.ts';
export { none, type VersionOption } from './core/version-rule.ts';
export { writeLog, type WriteLog } from './core/write-log.ts';
export {
  defer,
  giveUp,
  type Decision,
  type Resolution,
  type Sides,
  type Strategy,
  type Undecided,
} from './core/resolution.ts';
export { unknownBase, type Conflict, type ConflictReason } from './core/conflict.ts';
export { absent } from './core/pointer.ts';
export { atomic } from './merge/atomic.ts';
export { counter } from './merge/counter.ts';
export { max, min } from './merge/extremum.ts';
export { keepLocal, keepRemote } from './merge/keep.ts';
export type { Change } from './merge/merge-patch.ts';
export {
  mergePatch,
  type MergePatchOptions,
  type Patched,
  type PatchFormat,
  type PatchStates,
} from './merge/patch-format.ts';
export { list } from './merge/list.ts';
export { sequence } from './merge/sequence.ts';
export { set } from './merge/set.ts';
export { text } from './merge/text.ts';
export { threeWay, type MergeOptions, type Rules } from './merge/three-way.ts';

export { isRecoveryError, RecoveryError } from './errors.ts';
export type { RecoveryEvent, RecoveryListener } from './events.ts';
export { recoveryOf } from './filed.ts';
export type { Attempt, Ending, Question, Recovery, Stop, StopCode, WriteResult } from './report.ts';
export type { BudgetOptions } from './core/budget.ts';
export type { Likely, Verdict } from './core/outcome.ts';
export type { Clock } from './shell/clock.ts';
export type { HeaderFactory } from './shell/fresh-headers.ts';
export type { Frozen } from './core/frozen.ts';
export type { PathParameters } from './core/pattern.ts';
export type { Schema } from './shell/schema.ts';
