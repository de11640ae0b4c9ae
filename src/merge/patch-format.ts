import { createMeter } from '../core/bounds.ts';
import { isRecord } from '../core/record.ts';
import { changeTo } from './diff.ts';
import { patchedBy, type NullMeaning } from './merge-patch.ts';
import { saidAgain } from './said-again.ts';

/** How the body of a PATCH says what it changes. */
export interface PatchFormat {
  /** The content types of such bodies, without parameters, in lower case. */
  readonly types: readonly string[];
  /** The state that a patch asks for. `base` is `undefined` where the base isn't known. */
  readonly apply: (patch: unknown, base: unknown, remote: unknown) => Patched;
  /** A patch that brings the remote to the merged state. */
  readonly between: (states: PatchStates) => Patched;
  /**
   * The merged state by the other meaning of the caller's patch, if the patch may mean two things and the merged state
   * breaks the schema. Default: a patch has one meaning.
   */
  readonly otherwise?: (asked: unknown, merged: unknown) => unknown;
  /** The document in which a patch carries the version, for a route that has it in the body. */
  readonly asserted: (patch: unknown) => unknown;
  /**
   * The caller's patch with a version that travels in the body: as a member, or as a value to test. `undefined` where
   * the patch has no room for a version.
   *
   * @param version A document that holds the version, and nothing else.
   */
  readonly under: (patch: unknown, version: unknown) => unknown;
}

/** The states from which a new patch is made. */
export interface PatchStates {
  /** `undefined` where the base isn't known. */
  readonly base: unknown;
  readonly remote: unknown;
  readonly merged: unknown;
  /** The caller's own patch; `undefined` where the caller says a whole state, by `update` or `replace` of a handle. */
  readonly asked: unknown;
  /** A document that holds the fresh version, if the version travels in the body, and nothing else. */
  readonly fresh: unknown;
}

/** A state or a patch, or the reason why there is none. */
export type Patched =
  | { readonly kind: 'patched'; readonly value: unknown }
  /** The patch goes through a list by position, and the list that the patch was made for isn't known. */
  | { readonly kind: 'base-unknown' }
  /** The patch doesn't fit at a place: a test fails, the place isn't there, or the format can't express the change. */
  | { readonly kind: 'patch-error'; readonly at: string };

/** How merge patches are understood. */
export interface MergePatchOptions {
  /**
   * The meaning of `null`. `'removal'`: `null` removes the member, as RFC 7396 says. `'value'`: `null` is a value like
   * any other, as in a column of a table (PostgREST, Rails, Django); then no member can be removed, and a merge that
   * removes one is refused with `patch-error`. `'either'`: `null` is a value where the server shows the member as
   * `null`, and where the state without the member would break the schema; otherwise `null` is a removal. Default:
   * `'either'`.
   */
  readonly null?: NullMeaning;
  /**
   * Whether a patch that remerge makes contains only what the server's state lacks, for servers that follow RFC 7396 to
   * the letter. Other servers put an object of a patch in place of the whole column or child (PostgREST, Rails,
   * Firebase), or remove what a mask in the query names and the patch doesn't (Firestore). For them a recovered patch
   * repeats each member that the caller named, with its merged value; in an object that the caller named, it also
   * contains what others have changed there. The patch of an `update` or `replace` contains each changed member of the
   * document as a whole. Default: `false`.
   */
  readonly smallest?: boolean;
  /**
   * Whether the server puts each object of a patch in place of the whole member (PostgREST, Rails, Firebase), so that a
   * patch removes what its objects don't name. Default: `false`, which serves servers of both kinds as long as callers
   * name such objects as a whole.
   */
  readonly shallow?: boolean;
  /**
   * The steps for comparing the states from which a recovered patch is made; a step takes about a tenth of a
   * microsecond. A merge patch can't replace an object as a whole, so states that take more steps are refused with
   * `patch-error`. Default: 1,500,000, as for a merge.
   */
  readonly maxSteps?: number;
}

/**
 * JSON merge patches (RFC 7396), and plain JSON, which mostly means the same. Without a base, a patch counts as a
 * change of the server's current state, and the merge is told that the base is unknown.
 */
export function mergePatch({
  null: nulls = 'either',
  smallest = false,
  shallow = false,
  maxSteps = 1.5e6,
}: MergePatchOptions = {}): PatchFormat {
  return {
    types: ['application/merge-patch+json', 'application/json'],
    apply(patch, base, remote) {
      const target = base === undefined ? remote : base;
      return { kind: 'patched', value: patchedBy(target, patch, nulls, remote, shallow) };
    },
    between({ base, remote, merged, asked, fresh }) {
      const { measure } = createMeter({ maxDepth: 1000, maxValues: Infinity }, maxSteps);
      if (isRecord(merged) && !measure([], base, remote, merged, asked))
        return { kind: 'patch-error', at: 'a document that takes more than maxSteps' };
      const change = changeTo(remote, merged, nulls, asked, shallow);
      // `null` either removes a member or sets it, so a patch can't express one of the two.
      if (change === undefined)
        return { kind: 'patch-error', at: nulls === 'value' ? 'a removal' : 'a null' };
      const isWhole = shallow || asked === undefined;
      const again = smallest ? {} : saidAgain(asked ?? change, merged, base, nulls !== 'removal', isWhole);
      return { kind: 'patched', value: patchedBy(patchedBy(again, change, 'value'), fresh) };
    },
    otherwise: (asked, merged) => (nulls === 'either' ? patchedBy(merged, asked, 'missing') : merged),
    asserted: (patch) => patch,
    under: (patch, version) => patchedBy(patch, version, 'value'),
  };
}
