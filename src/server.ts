import type { Verdict } from './core/verdict.ts';
import type { Format } from './core/media.ts';
import type { VersionOption } from './core/version-rule.ts';
import type { PatchFormat } from './merge/patch-format.ts';
import type { WriteIdOption } from './core/write-id-option.ts';
import type { Acceptance } from './operation.ts';

/**
 * The facts about a server that its resources share: a preset of `remerge/presets`, or a literal. Members of a preset are
 * replaced by spreading it: `{ ...couchdb(), conflictStatuses: [409, 412] }`. Each is replaced as a whole, `create` too.
 */
export interface Server {
  /** The kind of server, such as `'couchdb'`: `createOrigin` of `remerge/testing` answers as that kind does. Default: none. */
  readonly name?: string;
  /** The places where the version is read and written. Default: `etag()`. */
  readonly version?: VersionOption;
  /**
   * The statuses that may mean a conflict. A listed 2xx means success unless `classify` says otherwise: for batches,
   * and for servers that refuse within a 200. A listed 408 or 5xx is a lost answer unless `classify` says otherwise: for
   * servers whose lock fails by a 500. Default: `[409, 412, 428]`.
   */
  readonly conflictStatuses?: readonly number[];
  /**
   * The statuses by which a read, or a write, is told that nothing is there, such as PostgREST's 406. Default: `[404, 410]`
   * (RFC 9110 §15.5.5, §15.5.11).
   */
  readonly goneStatuses?: readonly number[];
  /**
   * Says what an answer with one of `conflictStatuses` means, where the status alone doesn't; see `Verdict`. `body` is
   * JSON, else text; `undefined` if too long. `undefined` leaves the meaning to the evidence. Default: `undefined`.
   */
  readonly classify?: (response: Response, body: unknown) => Verdict | undefined;
  /**
   * Says where to read the resource of a write, on the same origin; `value` is the JSON of the write's body, if there
   * is one. A `Request` says how, too, for reads by POST; its answer is never remembered as a base. Default: the
   * write's own URL.
   */
  readonly readFrom?: (url: URL, asked: { readonly value: unknown }) => URL | string | Request;
  /**
   * Finds the state in the JSON of a read, for servers that wrap the state or show it otherwise than it is written:
   * `(body) => body._source`. This state is merged and written; the version is read from the whole body. `absent` says
   * that nothing is there, for servers that tell so by a success: `([row = absent]) => row`. The function must not change
   * the body. Default: the body is the state.
   */
  readonly unwrap?: (body: unknown) => unknown;
  /**
   * JSON Pointers to members that the server manages (JSON Schema §9.4), such as `/updatedAt`; `*` stands for one
   * segment. A merge finds them as the server has them, and they prove nothing: two states are the same if the rest is.
   * A member that writers change must not be listed, since another writer's state would count as this write. Default:
   * none.
   */
  readonly readOnly?: readonly string[];
  /**
   * JSON Pointers to members that a write says and no read shows, such as a comment on a ticket or a password (JSON
   * Schema §9.4); `*` stands for one segment. Two states are the same if the rest is, but a write with such a member
   * always has something to write. If its answer is lost, it is made again only where it is proven that it wasn't made.
   * Default: none.
   */
  readonly writeOnly?: readonly string[];
  /**
   * JSON Pointers to members that describe a write, and that no read shows, such as a commit message; `*` stands for one
   * segment. Two states are the same if the rest is. A merge that comes to what is there writes nothing, and the
   * description goes with it. Default: none.
   */
  readonly annotations?: readonly string[];
  /**
   * The method by which `update` and `replace` of a resource handle write. `'PUT'` and `'POST'` send the whole state, or
   * its changed members (see `means`). `'PATCH'` sends the difference from what was read, in the first of `patches`; a
   * difference that the format can't express ends as `patch-error`. Default: `'PUT'`.
   */
  readonly replace?: 'PUT' | 'POST' | 'PATCH';
  /** How `create` of a resource handle creates. Default: see each member. */
  readonly create?: Creation;
  /** The formats of PATCH bodies. Default: `[mergePatch()]` (RFC 7396). `remerge/json-patch` has `jsonPatch()`. */
  readonly patches?: readonly PatchFormat[];
  /**
   * Follows a write that the server has taken on and not made yet (202): `poll()`. Default: nothing is followed, and the
   * write ends as `accepted`, with no value and no version.
   */
  readonly accepted?: Acceptance;
  /** The proof of a write that servers of this kind keep; see `writeId` of a route, which replaces it. Default: none. */
  readonly writeId?: WriteIdOption;
  /** The methods whose writes recover; see `methods` of a route, which replaces them. */
  readonly methods?: readonly string[];
  /**
   * The meaning of the body of a PUT or POST. `'state'`: the whole new state. `'part'`: the members that are to change,
   * each as a whole; the server keeps the others, so no member can be removed (`patch-error`). The body of a write that
   * creates is the whole state. `'actions'`: what is to be done, as in JSON-RPC; then an equal state proves nothing, and
   * no ready-made merge may be repeated. Default: `'state'`.
   */
  readonly means?: 'state' | 'part' | 'actions';
  /**
   * Whether another writer may take back this write while its answer is lost (an undo, a delete). If so, a state that
   * is as it was before may have been written and taken back: the write ends as `outcome-unknown`, and isn't made
   * again. `false` says that no writer does this. Default: `true`.
   */
  readonly reverts?: boolean;
  /**
   * How bodies of other content types are read and written, by content type without parameters, in lower case: each
   * becomes a JSON value, which is merged, compared and checked as any other. `JSON` itself is for JSON by another name:
   * `{ 'application/x-amz-json-1.1': JSON }`. A body that `parse` throws for is `malformed-body`. Default: bodies that
   * are not JSON are text or bytes.
   */
  readonly formats?: Readonly<Record<string, Format>>;
  /**
   * The content type by which `update`, `replace` and `create` of a resource handle write, if that isn't the one of a
   * read: JSON, or one of `formats`. Default: the content type of the base, else `application/json`.
   */
  readonly writes?: string;
  /** Parses JSON text. A parser of yours may keep big integers; it gets the text alone. Default: `JSON.parse`. */
  readonly parseJson?: (text: string) => unknown;
  /** Writes JSON text. Default: `JSON.stringify`. */
  readonly stringifyJson?: (value: unknown) => string;
}

/** How a server creates a resource. */
export interface Creation {
  /** The method by which `create` of a resource handle creates. Default: `'PUT'`. */
  readonly method?: 'PUT' | 'POST';
  /** The address where `create` of a resource handle creates, on the same origin. Default: the resource's own. */
  readonly at?: (url: URL) => URL | string;
  /**
   * The version that stands for 'nothing is there yet', such as 0 for Vault's `cas`, `null_etag` for Firebase or
   * `null` for a member that must be there. A create
   * carries it where other writes carry a version, and a write of the caller's own that carries it creates. Default:
   * none, and a PUT that creates carries `If-None-Match: *` (RFC 9110 §13.1.2).
   */
  readonly version?: string | number | null;
  /**
   * Finds the resource that was to be created and that exists already: returns its address on the same origin. `body`
   * is the body of the refusal. Default: a PUT names the resource; that of a POST is unknown, and the refusal stands.
   */
  readonly find?: (created: {
    readonly value: unknown;
    readonly url: URL;
    readonly body: unknown;
  }) => URL | string | undefined;
}
