import type { Existing, StaleDelete, StaleWrite } from './core/choice.ts';
import type { Verdict } from './core/outcome.ts';
import type { Decision } from './core/resolution.ts';
import type { ReadableCarrier } from './core/version.ts';
import type { VersionOption } from './core/version-rule.ts';
import type { WriteLog } from './core/write-log.ts';
import type { ConflictContext, Merge } from './merging.ts';
import type { PatchFormat } from './merge/patch-format.ts';
import type { Schema } from './shell/schema.ts';

/** What a route can be told. Any of it may also stand beside `routes`, as the default for all of them. */
export interface RouteOptions<Value = unknown> {
  /** How base, local and remote become one value. Default: none; a wrapped fetch demands one, a client gives up without. */
  readonly merge?: Merge<Value>;
  /**
   * What becomes of a write whose merge gives up: `'fail'` ends it (`gave-up`), `'defer'` leaves it to a person
   * (`needs-decision`), a function decides as a merge does, by a dialog for example. Default: `'fail'`.
   */
  readonly onConflict?:
    | 'fail'
    | 'defer'
    | ((context: ConflictContext<Value>) => Decision<NoInfer<Value>> | Promise<Decision<NoInfer<Value>>>);
  /** Where the version is read and written. Default: `etag()`. */
  readonly version?: VersionOption;
  /**
   * Whether to merge a second time, onto a state that may hold the change already, does no harm. Only then is a write
   * merged again whose answer was lost; `false` also says that equal changes add up, so that an equal state proves
   * nothing. Default: what a ready-made strategy says of itself; for a function of yours, and for the recipe of an
   * update, that it does harm.
   */
  readonly idempotent?: boolean;
  /**
   * Whether somebody may take back what a write has done while its answer is lost (an undo, a delete). Then what is as it was
   * before may have been written and taken back: the write ends as `outcome-unknown`, and isn't made again. `false` says that
   * nobody does. Default: `true`.
   */
  readonly reverts?: boolean;
  /**
   * What the body of a PUT or POST says: `'state'`, the whole new state; or `'actions'`, what is to be done, as in JSON-RPC:
   * then an equal state proves nothing, and no ready-made merge is safe to apply twice. Default: `'state'`.
   */
  readonly means?: 'state' | 'actions';
  /**
   * A place in the resource that remerge stamps with an id of each write: `field('/lastWrite')`, or a header that the server
   * keeps and shows, or `writeLog('/lastWrites')`. It proves whose the last write was, and a log whether a write is among
   * the last ones, when an answer is lost. Default: none.
   */
  readonly writeId?: ReadableCarrier | WriteLog;
  /**
   * Whether each write gets an `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header), for servers that make a
   * request of one key once: after a lost answer the same request is sent again. A key of the caller's own stands.
   * Default: `false`.
   */
  readonly idempotencyKey?: boolean;
  /**
   * Which writes recover. The body of a PUT or POST counts as the whole new state, that of a PATCH as one of `patches`.
   * Default: `['PUT', 'PATCH', 'DELETE']`.
   */
  readonly methods?: readonly string[];
  /** The origin that the route is for, such as `https://api.example.com`. Default: that of `baseUrl`, else any. */
  readonly origin?: string;
  /** How PATCH bodies are understood. Default: `[mergePatch()]` (RFC 7396). `remerge/json-patch` has `jsonPatch()`. */
  readonly patches?: readonly PatchFormat[];
  /**
   * What to do with a DELETE that meets a newer version: `'fail'` ends it (`stale-delete`), `'delete'` deletes that
   * version, too, or a function of the two states says which. What is gone already is a success. Default: `'fail'`.
   */
  readonly onStaleDelete?:
    | StaleDelete
    | ((states: {
        readonly base: Value | undefined;
        readonly remote: Value;
      }) => StaleDelete | Promise<StaleDelete>);
  /**
   * What becomes of a PUT or PATCH whose resource was deleted meanwhile: `'fail'` ends it (`gone`), `'recreate'` creates
   * it anew as the caller wants it (`If-None-Match: *`, at `createAt`), or a function of the states says which. Default: `'fail'`.
   */
  readonly onGone?:
    | StaleWrite
    | ((states: {
        readonly base: Value | undefined;
        readonly local: Value;
      }) => StaleWrite | Promise<StaleWrite>);
  /**
   * What becomes of a write that creates (`If-None-Match: *`, or a POST) what exists already: `'fail'` ends it
   * (`exists`), `'adopt'` takes it as it is, `'merge'` merges onto it, or a function says which. Default: `'fail'`.
   */
  readonly onExists?:
    Existing | ((states: { readonly local: Value; readonly remote: Value }) => Existing | Promise<Existing>);
  /**
   * Where the resource is that a POST was to create and that exists already: an address on the same origin. `body` is
   * what the refusal says. Default: nobody knows, and the refusal stands.
   */
  readonly locate?: (created: {
    readonly value: Value;
    readonly url: URL;
    readonly body: unknown;
  }) => URL | string | undefined;
  /** How `create` of a resource handle creates: by PUT, or by POST. Default: `'PUT'`. */
  readonly createBy?: 'PUT' | 'POST';
  /** Where `create` of a resource handle creates: an address on the same origin. Default: at the resource's own. */
  readonly createAt?: (url: URL) => URL | string;
  /** How `update` and `replace` of a resource handle write a whole state. Default: `'PUT'`. */
  readonly writeBy?: 'PUT' | 'POST';
  /**
   * The state in the JSON of a read, for servers that wrap it or show it otherwise than it is written:
   * `(body) => body._source`. It is what is merged and written; the version is read from the whole body. It must change
   * nothing in it. Default: the body is the state.
   */
  readonly stateIn?: (body: unknown) => unknown;
  /**
   * What of a state the server shows, where a write says more: `({ source }) => ({ source })`. Two states are the same if
   * this is; so a lost write is found again by what it left. Given the JSON objects of reads and writes, without their
   * versions. Default: all of it.
   */
  readonly compared?: (state: Readonly<Record<string, unknown>>) => unknown;
  /** Validates what was read and what a merge or recipe made, and changes neither. Any Standard Schema. Default: none. */
  readonly schema?: Schema<Value>;
  /**
   * The statuses that may mean a conflict. One of 2xx means success, unless `conflict` says otherwise: for batches, and for
   * servers that refuse within a 200. Default: `[409, 412, 428]`.
   */
  readonly statusCodes?: readonly number[];
  /**
   * Says what an answer with one of `statusCodes` means: `'stale'` to recover, `'in-progress'` to wait and send the same
   * again, `'final'` to let the answer stand, `undefined` to leave it to the evidence. `'partial'` is a conflict though
   * some of the write was made, as of a batch: only a merge that is `idempotent` is asked then, else it ends as
   * `outcome-unknown`. `'renew'` sends the same with the `token` of this answer. `body` is JSON, else text; `undefined` if
   * too long. Default: `undefined`.
   */
  readonly conflict?: (response: Response, body: unknown) => Verdict | undefined;
  /**
   * Finds the current state, version included, in a conflict answer: `(response, body) => body.current`. It saves the
   * first recovery its read, unless that has to wait. `undefined`: it isn't there. Default: never there.
   */
  readonly remoteInConflict?: (response: Response, body: unknown) => unknown;
  /**
   * The header that shows a session's token in a refusal, and takes it in a write: `'X-Transmission-Session-Id'`. See
   * `'renew'`. Never a version of the state: to send the same under a new one overwrites. Default: none.
   */
  readonly token?: string;
  /**
   * Where to read the resource that a write goes to, on the same origin; `value` is the JSON of its body, if there is one.
   * A `Request` says how, too, for reads by POST; what it shows is never remembered as a base. Default: the write's own URL.
   */
  readonly readFrom?: (url: URL, asked: { readonly value: unknown }) => URL | string | Request;

  /** How many times the write may be sent again. Default: 5, for `update` 100. `0` means never. */
  readonly limit?: number;
  /** Milliseconds that one request may take, or `false` for no end. Default: `false`, in `createClient` 10 000. */
  readonly timeout?: number | false;
  /**
   * Milliseconds that the whole write may take, or `false` for no end. Sends, reads and waits count. `merge` and the `on…`
   * functions don't, as a person may be deciding; the recipes of an update do. Past it: `timeout`. Default: 30 000.
   */
  readonly totalTimeout?: number | false;
  /**
   * The delay before a retry in milliseconds, before jitter; called with 1 for the second retry, as the first never
   * waits, and with the milliseconds that the write has taken so far. Default: `n => 100 * 2 ** (n - 1)`, for `update`
   * `(n, elapsed) => Math.min(100 * 1.6 ** (n - 1), Math.max(500, 0.7 * elapsed))`.
   */
  readonly delay?: (retry: number, elapsed: number) => number;
  /** The longest delay in milliseconds. Default: 2 000, for `update` 6 000. */
  readonly backoffLimit?: number;
  /** `true` waits for a random part of the delay, `false` for all, a function for what it returns. Default: `true`. */
  readonly jitter?: boolean | ((delay: number) => number);
  /** The longest wait in milliseconds that `Retry-After` may ask for (RFC 9110 §10.2.3). Default: 10 000. */
  readonly maxRetryAfter?: number;
  /** The longest body that recovery reads, in bytes. Past it: `too-large`. Default: 10 MiB. */
  readonly maxBytes?: number;

  /** Parses JSON text. Your own may keep big integers; it is given the text alone. Default: `JSON.parse`. */
  readonly parseJson?: (text: string) => unknown;
  /** Writes JSON text. Default: `JSON.stringify`. */
  readonly stringifyJson?: (value: unknown) => string;
}

/** What one write may do otherwise than its route: every option but those that say what the resource is. */
export type Overrides<Value = unknown> = Omit<
  RouteOptions<Value>,
  | 'methods'
  | 'origin'
  | 'schema'
  | 'version'
  | 'writeId'
  | 'patches'
  | 'parseJson'
  | 'stringifyJson'
  | 'createBy'
  | 'createAt'
  | 'writeBy'
  | 'stateIn'
  | 'compared'
  | 'means'
>;
