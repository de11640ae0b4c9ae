import { changeTo } from './diff.ts';
import { patchedBy } from './merge-patch.ts';

/** How the body of a PATCH says what it changes. */
export interface PatchFormat {
  /** The content types of such bodies, without parameters, in lower case. */
  readonly types: readonly string[];
  /** The state that a patch asks for. `base` is `undefined` where it isn't known. */
  readonly apply: (patch: unknown, base: unknown, remote: unknown) => Patched;
  /**
   * The smallest patch that brings the remote to the merged state.
   *
   * @param asked The caller's own patch, for what it asserts.
   * @param fresh A document that holds the fresh version where it travels in the body, and nothing else.
   */
  readonly between: (remote: unknown, merged: unknown, asked: unknown, fresh: unknown) => Patched;
  /** The document in which a patch carries the version, for a route that has it in the body. */
  readonly asserted: (patch: unknown) => unknown;
}

/** A state or a patch, or why it can't be had. */
export type Patched =
  | { readonly kind: 'patched'; readonly value: unknown }
  /** The patch goes through a list by position, and nobody knows the list that it means. */
  | { readonly kind: 'base-unknown' }
  /** It doesn't fit at a place: a test fails, the place isn't there, or the format has no words for it. */
  | { readonly kind: 'patch-failed'; readonly at: string };

/**
 * JSON merge patches (RFC 7396), and plain JSON, which mostly means the same. Without a base a patch counts as a change
 * of what the server has now, and the merge is told that the base is unknown.
 */
export function mergePatch(): PatchFormat {
  return {
    types: ['application/merge-patch+json', 'application/json'],
    apply(patch, base, remote) {
      return { kind: 'patched', value: patchedBy(base === undefined ? remote : base, patch) };
    },
    between(remote, merged, _, fresh) {
      const patch = changeTo(remote, merged);
      // `null` means 'remove' in a merge patch, so no member can be set to it.
      if (patch === undefined) return { kind: 'patch-failed', at: 'a null' };
      return { kind: 'patched', value: patchedBy(patch, fresh) };
    },
    asserted: (patch) => patch,
  };
}
