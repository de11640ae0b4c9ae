import type { Existing, StaleDelete, StaleWrite } from './core/choice.ts';
import type { Verdict } from './core/outcome.ts';
import type { Decision } from './core/resolution.ts';
import type { ReadableCarrier } from './core/version.ts';
import type { VersionOption } from './core/version-rule.ts';
import type { WriteLog } from './core/write-log.ts';
import type { ConflictContext, Merge } from './merging.ts';
import type { PatchFormat } from './merge/patch-format.ts';
import type { Schema } from './shell/schema.ts';

/** The options of a route. An option beside `routes` is the default of every route. */
export interface RouteOptions<Value = unknown> {
  /** Merges base, local and remote. Default: none; a wrapped fetch demands one, a client gives up without. */
  readonly merge?: Merge<Value>;
  /**
   * Decides about a write whose merge gives up. `'fail'` ends the write (`gave-up`), `'defer'` leaves the conflict to a
   * person (`needs-decision`), a function decides as a merge does, by a dialog for example. Default: `'fail'`.
   */
  readonly onConflict?:
    | 'fail'
    | 'defer'
    | ((context: ConflictContext<Value>) => Decision<NoInfer<Value>> | Promise<Decision<NoInfer<Value>>>);
  /** The places where the version is read and written. Default: `etag()`. */
  readonly version?: VersionOption;
  /**
   * Whether merging twice is safe, onto a state that may hold the change already. A write whose answer was lost
   * is merged again only if so. `false` also says that equal changes add up, so that an equal state proves nothing.
   * Default: as a ready-made strategy declares; a function of yours, and the recipe of an update, count as unsafe.
   */
  readonly idempotent?: boolean;
  /**
   * Whether another writer may take back this write while its answer is lost (an undo, a delete). If so, a state that
   * is as it was before may have been written and taken back: the write ends as `outcome-unknown`, and isn't made
   * again. `false` says that no writer does this. Default: `true`.
   */
  readonly reverts?: boolean;
  /**
   * The meaning of the body of a PUT or POST. `'state'`: the whole new state. `'actions'`: what is to be done, as in
   * JSON-RPC; then an equal state proves nothing, and no ready-made merge is safe to apply twice. Default: `'state'`.
   */
  readonly means?: 'state' | 'actions';
  /**
   * The place in the resource where remerge stores an id of each write: `field('/lastWrite')`, a header that the server
   * keeps and shows, or `writeLog('/lastWrites')`. When an answer is lost, the id proves whether the last write was
   * this one; a log proves whether this write is among the last ones. Default: none.
   */
  readonly writeId?: ReadableCarrier | WriteLog;
  /**
   * Whether each write gets an `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header), for servers that execute
   * the requests of one key once. After a lost answer the same request is sent again. The caller's own key is kept.
   * Default: `false`.
   */
  readonly idempotencyKey?: boolean;
  /**
   * The methods whose writes recover. The body of a PUT or POST counts as the whole new state, the body of a PATCH as
   * one of `patches`. Default: `['PUT', 'PATCH', 'DELETE']`.
   */
  readonly methods?: readonly string[];
  /** The origin of the route, such as `https://api.example.com`. Default: the origin of `baseUrl`, else any. */
  readonly origin?: string;
  /** The formats of PATCH bodies. Default: `[mergePatch()]` (RFC 7396). `remerge/json-patch` has `jsonPatch()`. */
  readonly patches?: readonly PatchFormat[];
  /**
   * Decides about a DELETE that meets a newer version: `'fail'` ends the DELETE (`stale-delete`), `'delete'` deletes that
   * version, too, a function of the two states says which. A resource that is gone already is a success. Default: `'fail'`.
   */
  readonly onStaleDelete?:
    | StaleDelete
    | ((states: {
        readonly base: Value | undefined;
        readonly remote: Value;
      }) => StaleDelete | Promise<StaleDelete>);
  /**
   * Decides about a PUT or PATCH whose resource was deleted meanwhile: `'fail'` ends the write (`gone`), `'recreate'`
   * creates the resource anew with the caller's state (`If-None-Match: *`, at `createAt`), a function of the states
   * says which. Default: `'fail'`.
   */
  readonly onGone?:
    | StaleWrite
    | ((states: {
        readonly base: Value | undefined;
        readonly local: Value;
      }) => StaleWrite | Promise<StaleWrite>);
  /**
   * Decides about a write that creates (`If-None-Match: *`, or a POST) what exists already: `'fail'` ends the write
   * (`exists`), `'adopt'` takes the existing resource as it is, `'merge'` merges onto it, a function says which.
   * Default: `'fail'`.
   */
  readonly onExists?:
    Existing | ((states: { readonly local: Value; readonly remote: Value }) => Existing | Promise<Existing>);
  /**
   * Finds the resource that a POST was to create and that exists already: returns its address on the same origin.
   * `body` is the body of the refusal. Default: the address is unknown, and the refusal stands.
   */
  readonly locate?: (created: {
    readonly value: Value;
    readonly url: URL;
    readonly body: unknown;
  }) => URL | string | undefined;
  /** The method by which `create` of a resource handle creates. Default: `'PUT'`. */
  readonly createBy?: 'PUT' | 'POST';
  /** The address where `create` of a resource handle creates, on the same origin. Default: the resource's own. */
  readonly createAt?: (url: URL) => URL | string;
  /** The method by which `update` and `replace` of a resource handle write a whole state. Default: `'PUT'`. */
  readonly writeBy?: 'PUT' | 'POST';
  /**
   * Finds the state in the JSON of a read, for servers that wrap the state or show it otherwise than it is written:
   * `(body) => body._source`. This state is merged and written; the version is read from the whole body. The function
   * must not change the body. Default: the body is the state.
   */
  readonly stateIn?: (body: unknown) => unknown;
  /**
   * Picks the part of a state that the server shows, for writes that say more than that: `({ source }) => ({ source })`.
   * Two states are the same if their parts are; so a lost write is recognised by the state that it left. Called with the
   * JSON objects of reads and writes, without their versions. Default: the whole state.
   */
  readonly compared?: (state: Readonly<Record<string, unknown>>) => unknown;
  /** Validates what was read and what a merge or recipe made, and changes neither. Any Standard Schema. Default: none. */
  readonly schema?: Schema<Value>;
  /**
   * The statuses that may mean a conflict. A listed 2xx means success unless `conflict` says otherwise: for batches,
   * and for servers that refuse within a 200. Default: `[409, 412, 428]`.
   */
  readonly statusCodes?: readonly number[];
  /**
   * Says what an answer with one of `statusCodes` means. `'stale'` recovers, `'in-progress'` waits and sends the same
   * request again, `'final'` lets the answer stand, `undefined` leaves the meaning to the evidence. `'partial'` is a
   * conflict although the server made a part of the write, as of a batch: only a merge that is `idempotent` is called
   * then, else the write ends as `outcome-unknown`. `'renew'` sends the same request with the `token` of this answer.
   * `body` is JSON, else text; `undefined` if too long. Default: `undefined`.
   */
  readonly conflict?: (response: Response, body: unknown) => Verdict | undefined;
  /**
   * Finds the current state, version included, in a conflict answer: `(response, body) => body.current`. The first recovery
   * then needs no read, unless the recovery has to wait. `undefined`: the state isn't there. Default: never there.
   */
  readonly remoteInConflict?: (response: Response, body: unknown) => unknown;
  /**
   * The header that shows a session's token in a refusal, and takes it in a write: `'X-Transmission-Session-Id'`. See
   * `'renew'`. Never name a version here: to send the same write under a new version overwrites. Default: none.
   */
  readonly token?: string;
  /**
   * Says where to read the resource of a write, on the same origin; `value` is the JSON of the write's body, if there
   * is one. A `Request` says how, too, for reads by POST; its answer is never remembered as a base. Default: the
   * write's own URL.
   */
  readonly readFrom?: (url: URL, asked: { readonly value: unknown }) => URL | string | Request;

  /** The number of times that the write may be sent again. Default: 5, for `update` 100. `0` means never. */
  readonly limit?: number;
  /** Milliseconds that one request may take, or `false` for no end. Default: `false`, in `createClient` 10 000. */
  readonly timeout?: number | false;
  /**
   * Milliseconds that the whole write may take, or `false` for no end. Sends, reads, waits and the recipes of an update
   * count. `merge` and the `on…` functions don't, as a person may be deciding. Past it: `timeout`. Default: 30 000.
   */
  readonly totalTimeout?: number | false;
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
  /** The longest body that recovery reads, in bytes. Past it: `too-large`. Default: 10 MiB. */
  readonly maxBytes?: number;

  /** Parses JSON text. A parser of yours may keep big integers; it gets the text alone. Default: `JSON.parse`. */
  readonly parseJson?: (text: string) => unknown;
  /** Writes JSON text. Default: `JSON.stringify`. */
  readonly stringifyJson?: (value: unknown) => string;
}

/** The options that one write may override: every option of a route but those that say what the resource is. */
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
