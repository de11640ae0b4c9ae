import { applyPatch, createPatch, type Operation } from 'rfc6902';
import { equal } from '../core/equal.ts';
import { absent, parsePointer, valueAt, withValueAt, type Path } from '../core/pointer.ts';
import { isRecord } from '../core/record.ts';
import type { Patched, PatchFormat } from './patch-format.ts';

/**
 * JSON Patches (RFC 6902), for a route's `patches`. It has an entry point of its own, since a bundler can't leave its
 * library out.
 *
 * A patch is applied to the base to learn the state that the caller wants; that state is merged, and what goes out is a
 * new patch against the server's state. The caller's own positions are never sent to a list that may have changed since.
 *
 * A `test` stays in the new patch, with the version brought up to date where that is what it tests. One that the server's
 * state fails stops the write: the caller asked for that. One that goes through a list by position is settled with the
 * base, and by the merge.
 */
export function jsonPatch(): PatchFormat {
  return {
    types: ['application/json-patch+json'],
    apply(patch, base, remote) {
      if (base === undefined && operationsIn(patch).some(goesByPosition)) return { kind: 'base-unknown' };
      return applyJsonPatch(base === undefined ? remote : base, patch);
    },
    between(remote, merged, asked, fresh) {
      const tests: Operation[] = [];
      for (const { pointer, path, value } of testsIn(asked)) {
        if (path.some(isPosition)) continue;
        const version = valueAt(fresh, path);
        if (version === absent && !equal(valueAt(remote, path), value))
          return { kind: 'patch-failed', at: pointer };
        tests.push({ op: 'test', path: pointer, value: version === absent ? value : version });
      }
      return { kind: 'patched', value: [...tests, ...createPatch(remote, merged)] };
    },
    asserted: (patch) =>
      testsIn(patch).reduce<unknown>((document, { path, value }) => withValueAt(document, path, value), {}),
  };
}

/** Applies a patch to a copy (RFC 6902 §5): all of it, or nothing. */
export function applyJsonPatch(document: unknown, patch: unknown): Patched {
  if (!Array.isArray(patch)) return { kind: 'patch-failed', at: '' };
  // The library can't replace a document as a whole, so ours is a member of another.
  const holder = { document: copy(document) };
  for (const operation of operationsIn(patch)) {
    const [path] = pointersIn(operation);
    if (pointersIn(operation).some(isUnsafe)) return { kind: 'patch-failed', at: String(path) };
    const moved = { ...operation, path: `/document${operation.path}` };
    if ('from' in moved) moved.from = `/document${moved.from}`;
    const [error] = attempt(() => applyPatch(holder, [moved]));
    if (error) return { kind: 'patch-failed', at: operation.path };
  }
  return 'document' in holder
    ? { kind: 'patched', value: holder.document }
    : { kind: 'patch-failed', at: '' };
}

/** The library changes what it is given. */
function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, copy(member)]));
}

function attempt<Result>(run: () => readonly Result[]): readonly (Result | Error)[] {
  try {
    return run();
  } catch (error) {
    return [error as Error];
  }
}

/** Whether the library would take a step for something else than a member's name. Or the pointer is none. */
function isUnsafe(pointer: unknown): boolean {
  if (typeof pointer !== 'string') return true;
  try {
    return parsePointer(pointer).some((step) => ['__proto__', 'constructor', 'prototype'].includes(step));
  } catch {
    return true;
  }
}

/** The operations of a patch. A patch that is no list has none, and `applyJsonPatch` refuses it. */
function operationsIn(patch: unknown): readonly Operation[] {
  return Array.isArray(patch) ? (patch as Operation[]) : [];
}

interface Test {
  readonly pointer: string;
  readonly path: Path;
  readonly value: unknown;
}

function testsIn(patch: unknown): readonly Test[] {
  return operationsIn(patch).flatMap((operation) =>
    isRecord(operation) && operation.op === 'test' && !isUnsafe(operation.path)
      ? [{ pointer: operation.path, path: parsePointer(operation.path), value: operation.value as unknown }]
      : [],
  );
}

function goesByPosition(operation: Operation): boolean {
  return pointersIn(operation).some(
    (pointer) => isUnsafe(pointer) || parsePointer(pointer as string).some(isPosition),
  );
}

/** What an operation points at; `undefined` is a pointer that is missing. */
function pointersIn(operation: unknown): readonly unknown[] {
  if (!isRecord(operation)) return [undefined];
  return 'from' in operation ? [operation.path, operation.from] : [operation.path];
}

function isPosition(step: string): boolean {
  return /^(-|\d+)$/.test(step);
}
