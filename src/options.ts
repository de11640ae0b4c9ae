import type { EditedContext, Merge } from './merging.ts';
import type { Decision } from './core/resolution.ts';
import type { VersionOption } from './core/version-rule.ts';
import type { WriteIdOption } from './core/write-id-option.ts';
import type { Schema } from './shell/schema.ts';
import type { Server } from './server.ts';

/** The options of a route. Those in `defaults` hold for every route that doesn't say otherwise. */
export interface RouteOptions<Value = unknown> {
  /** Validates what was read and what a merge or recipe made, and changes neither. Any Standard Schema. Default: none. */
  readonly schema?: Schema<Value>;
  /** Merges base, local and remote. Default: none; a wrapped fetch demands one, a client gives up without. */
  readonly merge?: Merge<Value>;
  /** Decides where a merge can't, and where a resource is gone, exists already, or has changed. Default: `'fail'` for each. */
  readonly onConflict?: OnConflict<Value>;
  /** The places where the version is read and written. Default: that of `server`, else `etag()`. */
  readonly version?: VersionOption;
  /**
   * JSON Pointers to members of this resource that the server manages, such as `/updatedAt`. They are added to those of
   * `server`; see there. Default: none.
   */
  readonly readOnly?: readonly string[];
  /**
   * The place where remerge stores an id of each write: `field('/lastWrite')` or `writeLog('/lastWrites')` in the
   * resource, a header that the server keeps and shows, or `idempotencyKey()`. When an answer is lost, the id proves
   * whether the last write was this one; a log proves whether this write is among the last ones; by its key a server
   * executes a request once. A place in the resource and a key may stand in a list. Default: that of `server`, else
   * none.
   */
  readonly writeId?: WriteIdOption;
  /**
   * The facts about the server: a preset such as `couchdb()`, or a literal. It replaces that of `defaults` as a whole.
   * Default: plain HTTP, see `Server`.
   */
  readonly server?: Server;
  /** The number of times that the write may be sent again, or that and the waits. Default: 5, for `update` 100. */
  readonly retry?: number | RetryOptions;
  /** Milliseconds that one request may take, or `false` for no end. Default: `false`, in `createClient` 10 000. */
  readonly timeout?: number | false;
  /**
   * Milliseconds that the whole write may take, or `false` for no end. Sends, reads, waits and the recipes of an update
   * count. `merge` and the functions of `onConflict` don't, as a person may be deciding. Past it: `timeout`. Default:
   * 30 000.
   */
  readonly totalTimeout?: number | false;
  /** The longest body that recovery reads, in bytes. Past it: `too-large`. Default: 10 MiB. */
  readonly maxBytes?: number;
  /**
   * The methods whose writes recover. The body of a PUT or POST counts as the whole new state, the body of a PATCH as
   * one of the server's `patches`. Default: `['PUT', 'PATCH', 'DELETE']`.
   */
  readonly methods?: readonly string[];
}

/** Decides about what a merge can't: one choice for each kind of conflict. A function may take as long as a person takes. */
export interface OnConflict<Value = unknown> {
  /**
   * Both sides changed the same place, and the merge gave up. `'fail'` ends the write (`merge-conflict`, with a
   * `question` for a person), a function decides as a merge does, by a dialog for example. Default: `'fail'`.
   */
  readonly edited?:
    | 'fail'
    | ((context: EditedContext<Value>) => Decision<NoInfer<Value>> | Promise<Decision<NoInfer<Value>>>);
  /**
   * A PUT or PATCH meets a resource that was deleted: `'fail'` ends the write (`gone`), `'recreate'` creates the resource
   * anew with the caller's state (`If-None-Match: *`, at `create.at` of the server), a function of the states says
   * which. Default: `'fail'`.
   */
  readonly gone?:
    | OnGone
    | ((states: { readonly base: Value | undefined; readonly local: Value }) => OnGone | Promise<OnGone>);
  /**
   * A write that creates (`If-None-Match: *`, or a POST) meets a resource that exists: `'fail'` ends the write
   * (`exists`), `'adopt'` takes the existing resource as it is, `'merge'` merges onto it, a function says which.
   * Default: `'fail'`.
   */
  readonly exists?:
    OnExists | ((states: { readonly local: Value; readonly remote: Value }) => OnExists | Promise<OnExists>);
  /**
   * A DELETE meets a newer version: `'fail'` ends the DELETE (`changed`), `'delete'` deletes that version, too, a
   * function of the two states says which. A resource that is gone already is a success. Default: `'fail'`.
   */
  readonly changed?:
    | OnChanged
    | ((states: {
        readonly base: Value | undefined;
        readonly remote: Value;
      }) => OnChanged | Promise<OnChanged>);
}

/** The choices for a write whose target is gone. */
type OnGone = 'fail' | 'recreate';

/** The choices for a write that creates a resource which exists already. */
type OnExists = 'fail' | 'adopt' | 'merge';

/** The choices for a delete whose target has changed. */
type OnChanged = 'fail' | 'delete';

/** How often a write is sent again, and how long it waits before. The names are ky's. */
export interface RetryOptions {
  /** The number of times that the write may be sent again. `0` means never. Default: 5, for `update` 100. */
  readonly limit?: number;
  /**
   * The delay before a retry in milliseconds, before jitter. `retry` is 1 for the second retry, as the first one never
   * waits; `elapsed` is the milliseconds that the write has taken so far. Default: `n => 100 * 2 ** (n - 1)`, for
   * `update` `(n, elapsed) => Math.min(100 * 1.6 ** (n - 1), Math.max(500, 0.7 * elapsed))`.
   */
  readonly delay?: (retry: number, elapsed: number) => number;
  /** The longest delay in milliseconds. Default: 2 000, for `update` 6 000. */
  readonly backoffLimit?: number;
  /**
   * Waits for a random part of the delay (`true`), for all of it (`false`), or for what a function returns. Default: `true`.
   */
  readonly jitter?: boolean | ((delay: number) => number);
  /** The longest wait in milliseconds that `Retry-After` may ask for (RFC 9110 §10.2.3). Default: 10 000. */
  readonly maxRetryAfter?: number;
}

/** The options of a route that one write may override. */
export type Overrides<Value = unknown> = Pick<
  RouteOptions<Value>,
  'merge' | 'onConflict' | 'retry' | 'timeout' | 'totalTimeout' | 'maxBytes'
>;
