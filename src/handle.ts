import type { Recipe } from './client/recipe.ts';
import type { Frozen } from './core/frozen.ts';
import type { Change } from './merge/merge-patch.ts';
import type { Overrides } from './options.ts';
import type { Question, WriteResult } from './report.ts';
import type { HeadersInput } from './shell/kept-headers.ts';
import type { Settings } from './shell/request.ts';

/**
 * A state of a resource as it was read. As `base` of a write, the snapshot and its value are recognised by identity. A
 * snapshot is an instance, so that a cache which rebuilds plain objects keeps it.
 */
export interface Snapshot<Value = unknown> {
  /** The state as the server sent it, frozen all the way down. The schema has checked the state, and changed nothing. */
  readonly value: Frozen<Value>;
  /** The version; `undefined` if the server shows none: then nothing is written under it, unless the route has `none()`. */
  readonly version: string | undefined;
  /** The server's answer, with its body used up. Not enumerable, as in a `WriteResult`. */
  readonly response: Response;
}

/** The options of every write of a handle: fetch's settings (`keepalive`, `credentials` and the like), and these. */
export interface WriteOptions<Value = unknown> extends Omit<Settings, 'redirect'> {
  /** Options in which this write differs from its route. Default: none. */
  readonly recovery?: Overrides<Value>;
  /** Ends the write at once, with the signal's reason; no request starts after that. Default: none. */
  readonly signal?: AbortSignal;
  /**
   * Headers of this write, and of its re-reads, except headers that are about the write alone. A `Content-Type` says
   * how the value is sent. Default: the content type of the base, else `application/json`.
   */
  readonly headers?: HeadersInput;
}

/** The options of a write that needs a base. */
export interface BasedOptions<Value = unknown, Given = unknown> extends WriteOptions<Value> {
  /**
   * The state that the change was made of: what `read()`, `json()` or a write returned, or its value. The base is
   * recognised by identity, and the write goes out under the base's version; a version within the written value gives
   * way. A plain copy of a snapshot or of a result is recognised by its members (`value`, `version`, `outcome`,
   * `attempts`, and no others), unless the written value has these members, too: then the copy counts as the document.
   * A copy of a document is a base, too, but it has no version unless that stands in it. If `headers` name no version
   * either (`{ 'if-match': '"v1"' }`), the write begins with a read, and merges if the server's state is no longer the
   * base. It also begins with a read if the answer to the write before named no version.
   */
  readonly base: Base<Value, Given>;
}

/** A base: anything but a text, which would be a version, unless the resource itself is a text. */
type Base<Value, Given> = Value extends object ? (Given extends string ? never : Given) : Given;

/** The options of an update. The recipe is the merge, and a resource that is gone stays gone. */
export interface UpdateOptions extends Omit<WriteOptions, 'recovery'> {
  /** Options in which this update differs from its route. Default: none. */
  readonly recovery?: Omit<Overrides, 'merge' | 'onConflict'>;
  /** Whether the update may share a write with others. An update with overrides never does. Default: `true`. */
  readonly together?: boolean;
  /**
   * Whether the recipe may be applied to a state that holds its change already, as after a lost answer: a recipe that sets
   * a member may, one that adds an item may not. Default: `false`.
   */
  readonly repeatable?: boolean;
}

/** A handle on one resource. A handle holds no state: each write names the state that it was made of. */
export interface Resource<Value = unknown> {
  readonly url: URL;
  /**
   * Reads the resource. Rejects with ky's errors, as `get` does, and with a `RecoveryError` for an answer that is no
   * state of the resource: `remote-invalid`, `malformed-body`, `too-large`, `redirect`; `content-type` for a page
   * (`text/html`) that no `Accept` asks for.
   */
  readonly read: (options?: Omit<WriteOptions, 'recovery'>) => Promise<Snapshot<Value>>;
  /**
   * Reads the resource, changes it and writes it, safely under contention: on a conflict the recipe is applied to the
   * newer state. Updates that wait at the same time travel in one write. A recipe that changes nothing writes nothing,
   * unless the read showed a version that this client knows to be past: then that state is sent as it is, and the
   * server says what is there. Needs no `merge`, and follows no redirect. Rejects with what the recipe throws,
   * unchanged; if the read fails, with a `RecoveryError`, such as `gone` or `read-error`; else as every write does.
   */
  readonly update: (recipe: Recipe<Value>, options?: UpdateOptions) => Promise<WriteResult<Frozen<Value>>>;
  /**
   * Writes a whole state by PUT, or as `replace` and `means` of the server say, under the version of its base. Rejects
   * as every write does, see `RecoveryError`; with `merged-invalid` before anything is sent if the state breaks the
   * route's schema, as `patch` and `create` do; and with `base-unknown` if `base` is the value itself and the server has
   * another state, or if the server takes only differences and there is no base.
   */
  readonly replace: <Given>(
    value: Frozen<Value>,
    options: BasedOptions<Value, Given>,
  ) => Promise<WriteResult<Frozen<Value>>>;
  /**
   * Writes a change by PATCH, as a JSON merge patch (RFC 7396), under the version of its base. A member that is
   * `undefined` is no change, as JSON leaves it out.
   */
  readonly patch: <Given>(
    change: Change<Value>,
    options: BasedOptions<Value, Given>,
  ) => Promise<WriteResult<Frozen<Value>>>;
  /**
   * Creates the resource: by PUT with `If-None-Match: *` (RFC 9110 §13.1.2), or by POST if `create` of the server
   * says so; at the resource's own address, or where `create.at` says. If the resource exists already, `onConflict.exists`
   * decides.
   */
  readonly create: (
    value: Frozen<Value>,
    options?: WriteOptions<Value>,
  ) => Promise<WriteResult<Frozen<Value>>>;
  /**
   * Deletes the resource, in the version that the caller has seen. If it is gone already, by 404 or 410, that is a
   * success: `already-applied`.
   */
  readonly delete: <Given>(options: BasedOptions<Value, Given>) => Promise<WriteResult<undefined>>;
  /**
   * Returns the open conflict behind an error of this handle, with the types of its route; `undefined` for any other error,
   * and where there is nothing to decide.
   */
  readonly questionOf: (error: unknown) => Question<Frozen<Value>, WriteResult<Frozen<Value>>> | undefined;
}
