import { equal } from '../core/equal.ts';
import { absent, formatPointer, valueAt, type Path } from '../core/pointer.ts';
import { isRecord } from '../core/record.ts';
import { Draft } from './draft.ts';
import { changesBetween, type Change } from './json-diff.ts';
import { goesByPosition, isDone, operationsIn, type Operation } from './operations.ts';
import type { Patched, PatchFormat } from './patch-format.ts';

/** How JSON Patches are made. */
export interface JsonPatchOptions {
  /**
   * The steps for comparing the states from which a recovered patch is made; a step takes about a tenth of a
   * microsecond. Past them the patch is one operation, which replaces the whole document. Default: 2,000,000.
   */
  readonly maxSteps?: number;
}

/**
 * JSON Patches (RFC 6902), for a route's `patches`. They have an entry point of their own, so that only an app that
 * sends JSON Patches has their code in its bundle.
 *
 * remerge applies a patch to the base to learn the state that the caller wants, merges that state, and sends a new
 * patch against the server's state. The caller's own positions are never sent to a list that may have changed since.
 *
 * A `test` stays in the new patch. If the server's state fails a `test`, the write stops: the caller asked for that. A
 * `test` that goes through a list by position is checked against the base instead, and left to the merge. Where the
 * version is in the body, the patch begins with a `test` of the version.
 */
export function jsonPatch({ maxSteps = 2e6 }: JsonPatchOptions = {}): PatchFormat {
  return {
    types: ['application/json-patch+json'],
    apply(patch, base, remote) {
      const isLost = (operation: Operation | string): boolean =>
        typeof operation === 'string' ||
        [operation.path, operation.from ?? []].some((path) => goesByPosition(path, remote));
      if (base === undefined && operationsIn(patch)?.some(isLost)) return { kind: 'base-unknown' };
      return applyJsonPatch(base === undefined ? remote : base, patch);
    },
    between({ remote, merged, asked, fresh }) {
      const tests = versionTests(fresh);
      for (const { pointer, path, value } of testsIn(asked)) {
        if (goesByPosition(path, remote) || valueAt(fresh, path) !== absent) continue;
        if (!equal(valueAt(remote, path), value)) return { kind: 'patch-error', at: pointer };
        tests.push({ op: 'test', path: pointer, value });
      }
      return { kind: 'patched', value: [...tests, ...changesBetween(remote, merged, maxSteps)] };
    },
    under: (patch, version) =>
      Array.isArray(patch) ? [...versionTests(version), ...(patch as readonly unknown[])] : undefined,
    asserted(patch) {
      const draft = new Draft({});
      for (const { path, value } of testsIn(patch)) draft.make(path, value);
      return draft.value;
    },
  };
}

/**
 * Applies a patch to a copy (RFC 6902 §5): either all of its operations, or none. The copy shares what didn't change.
 */
export function applyJsonPatch(document: unknown, patch: unknown): Patched {
  const operations = operationsIn(patch);
  if (!operations) return { kind: 'patch-error', at: '' };
  const draft = new Draft(document);
  for (const operation of operations) {
    if (typeof operation === 'string') return { kind: 'patch-error', at: operation };
    if (!isDone(draft, operation)) return { kind: 'patch-error', at: operation.pointer };
  }
  const { value } = draft;
  return value === absent ? { kind: 'patch-error', at: '' } : { kind: 'patched', value };
}

/** A `test` for each part of a version, at its place in a document that holds nothing else. */
function versionTests(version: unknown): Change[] {
  const tests: Change[] = [];
  const visit = (value: unknown, path: Path): void => {
    if (!isRecord(value)) tests.push({ op: 'test', path: formatPointer(path), value });
    else for (const [name, inner] of Object.entries(value)) visit(inner, [...path, name]);
  };
  if (isRecord(version)) visit(version, []);
  return tests;
}

function testsIn(patch: unknown): readonly Operation[] {
  return (operationsIn(patch) ?? []).filter(
    (operation): operation is Operation =>
      typeof operation === 'object' && operation.op === 'test' && operation.value !== absent,
  );
}
