import { equal } from '../core/equal.ts';
import { absent, parsePointer, valueAt, type Path } from '../core/pointer.ts';
import { isRecord } from '../core/record.ts';
import type { Draft } from './draft.ts';

/** One step of a JSON Patch (RFC 6902 §4), with its pointers parsed. */
export interface Operation {
  readonly op: unknown;
  readonly pointer: string;
  readonly path: Path;
  /** The place from which a move or a copy takes its value. */
  readonly from: Path | undefined;
  /** `absent` for an operation without a value. */
  readonly value: unknown;
}

/** The most operations of a patch. No real patch has more, and more would block the thread. */
const most = 50_000;

/**
 * The operations of a patch. For an operation whose pointers are not valid, the result has the operation's `path` as a
 * string. `undefined` for a patch that is no list, or is too long.
 */
export function operationsIn(patch: unknown): readonly (Operation | string)[] | undefined {
  return Array.isArray(patch) && patch.length <= most ? patch.map(operationOf) : undefined;
}

function operationOf(said: unknown): Operation | string {
  if (!isRecord(said) || typeof said.path !== 'string') return isRecord(said) ? String(said.path) : '';
  const { op, path: pointer } = said;
  try {
    const from = Object.hasOwn(said, 'from') ? parsePointer(String(said.from)) : undefined;
    const value = Object.hasOwn(said, 'value') ? said.value : absent;
    return { op, pointer, path: parsePointer(pointer), from, value };
  } catch {
    return pointer;
  }
}

/** Applies one operation to a draft; `false` where the operation doesn't fit. */
export function isDone(draft: Draft, { op, path, from, value }: Operation): boolean {
  switch (op) {
    case 'test':
      return value !== absent && equal(draft.at(path), value);
    case 'add':
      return value !== absent && draft.add(path, value);
    case 'remove':
      return draft.remove(path) !== absent;
    case 'replace':
      return value !== absent && draft.replace(path, value);
    case 'copy':
      return from !== undefined && draft.copy(from, path);
    case 'move':
      return from !== undefined && draft.move(from, path);
    default:
      return false;
  }
}

/**
 * Whether a path goes through a list by position, as far as the document tells: where the document has no object, a
 * number in the path may be an index.
 */
export function goesByPosition(path: Path, document: unknown): boolean {
  let value = document;
  for (const step of path) {
    if (/^(-|\d+)$/.test(step) && !isRecord(value)) return true;
    value = valueAt(value, [step]);
  }
  return false;
}
