export type { Client, ClientOptions, Verb } from './client/client.ts';
export type { CallOptions } from './client/client-instance.ts';
export type { BasedOptions, Resource, Snapshot, UpdateOptions, WriteOptions } from './handle.ts';
export type { Recipe } from './client/recipe.ts';
export type { RecoveringFetch, RecoveryOptions } from './wrap.ts';
export type { RecoveringInit } from './write.ts';
export { defineMerge, type Merge, type MergeContext } from './merging.ts';
export type { OnConflict, RetryOptions, RouteOptions } from './options.ts';
export type { Operation } from './operation.ts';
export type { Server } from './server.ts';
export { defineRoute, type RouteDefinition } from './route.ts';

export {
  etag,
  field,
  header,
  lastModified,
  query,
  type FieldCarrier,
  type HeaderCarrier,
  type QueryCarrier,
} from './core/version.ts';
export { none, type VersionOption } from './core/version-rule.ts';
export { idempotencyKey, type IdempotencyKey, type WriteIdPlace } from './core/write-id-option.ts';
export { writeLog, type WriteLog } from './core/write-log.ts';
export { giveUp, type MergeTraits, type Resolution, type Sides, type Strategy } from './core/resolution.ts';
export { unknownBase, type Conflict } from './core/conflict.ts';
export { absent } from './core/pointer.ts';
export { atomic } from './merge/atomic.ts';
export { counter } from './merge/counter.ts';
export { max, min } from './merge/extremum.ts';
export { keepLocal, keepRemote } from './merge/keep.ts';

export { mergePatch, type PatchFormat } from './merge/patch-format.ts';
export { list } from './merge/list.ts';
export { sequence } from './merge/sequence.ts';
export { set } from './merge/set.ts';
export { text } from './merge/text.ts';
export { threeWay, type MergeOptions, type Rules } from './merge/three-way.ts';

export { isRecoveryError, RecoveryError, type Action } from './errors.ts';
export type { RecoveryEvent, RecoveryListener } from './events.ts';
export { recoveryOf } from './outcomes.ts';
export type { Question, Recovery, StopCode, WriteResult } from './report.ts';

export type { Verdict } from './core/verdict.ts';
export type { Clock } from './shell/clock.ts';

export type { Frozen } from './core/frozen.ts';

export type { Schema } from './shell/schema.ts';
