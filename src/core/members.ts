import { parsePointer, type Path } from './pointer.ts';
import { isRecord } from './record.ts';

/** Returns a state without its members at these JSON Pointers; `*` stands for one segment. */
export function withoutMembers(state: unknown, pointers: readonly string[]): unknown {
  return pointers.reduce((left, pointer) => without(left, parsePointer(pointer)), state);
}

function without(value: unknown, [step, ...rest]: Path): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
    if (step !== '*' && step !== name) return [[name, member]];
    return rest.length > 0 ? [[name, without(member, rest)]] : [];
  });
  return Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}

/**
 * Returns a state with its members at these JSON Pointers as another state has them. Items of an array are left alone: the
 * same index may hold another item there.
 */
export function withMembersOf(state: unknown, other: unknown, pointers: readonly string[]): unknown {
  return pointers.reduce((mine, pointer) => levelled(mine, other, parsePointer(pointer)), state);
}

function levelled(mine: unknown, theirs: unknown, [step, ...rest]: Path): unknown {
  if (!isRecord(mine) || !isRecord(theirs)) return mine;
  const isMeant = (name: string): boolean => step === '*' || step === name;
  const own = Object.entries(mine).filter(([name]) => rest.length > 0 || !isMeant(name));
  const taken = Object.entries(theirs).filter(([name]) => rest.length === 0 && isMeant(name));
  const members = own.map(([name, member]) =>
    isMeant(name) ? [name, levelled(member, theirs[name], rest)] : [name, member],
  );
  return Object.fromEntries([...members, ...taken]) as unknown;
}
