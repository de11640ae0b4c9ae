import type { Reading } from '../model-server.ts';
import { at, isObject, put, type Document } from './document.ts';
import type { Scenario } from './scenario.ts';

/** An operation of a JSON Patch, of those that clients send. */
export interface Operation {
  readonly op: 'test' | 'add' | 'replace' | 'remove';
  readonly path: string;
  readonly value?: unknown;
}

/** An action, and its version where that is in the body. */
interface Ordered {
  readonly version?: unknown;
  readonly do?: string;
  readonly actions?: readonly { readonly add: string }[];
}

/** How the server understands patches and actions. It shares no code with remerge. */
export function readingOf(scenario: Scenario): Reading {
  return {
    versionIn(said) {
      if (!Array.isArray(said)) return (said as Ordered).version;
      return (said as Operation[]).find(({ op, path }) => op === 'test' && path === '/version')?.value;
    },
    made(before, method, said) {
      if (method === 'POST') return obeyed(before as Document, said as Ordered);
      if (method !== 'PATCH') return said as object;
      return Array.isArray(said) ? operated(before, said as Operation[]) : patched(before, said, scenario);
    },
  };
}

/** What is there once actions are done: a list of all, or nothing but the last one. */
function obeyed(before: Document, { do: last, actions = [] }: Ordered): object {
  if (last !== undefined) return { ...before, do: last };
  return { ...before, items: [...before.items, ...actions.map(({ add }) => add)] };
}

type How = Pick<Scenario, 'isShallow' | 'nulls'>;

function patched(before: unknown, patch: unknown, how: How, isInside = false): object {
  const next: Record<string, unknown> = { ...(isObject(before) && !(isInside && how.isShallow) && before) };
  for (const [name, value] of Object.entries(patch as object)) {
    if (value === null && how.nulls === 'removal') Reflect.deleteProperty(next, name);
    else next[name] = isObject(value) ? patched(next[name], value, how, true) : (value as unknown);
  }
  return next;
}

/** Applies operations one after another (RFC 6902), all or none. */
function operated(before: object, operations: readonly Operation[]): object | undefined {
  const next = structuredClone(before);
  for (const operation of operations) if (!isDone(next, operation)) return undefined;
  return next;
}

function isDone(state: object, { op, path, value }: Operation): boolean {
  const slash = path.lastIndexOf('/');
  const [parent, last] = [at(state, path.slice(0, slash)), path.slice(slash + 1)];
  const before = at(state, path);
  if (op === 'test') return JSON.stringify(before) === JSON.stringify(value);
  if (op !== 'add' && before === undefined) return false;
  if (!Array.isArray(parent)) {
    if (!isObject(parent)) return false;
    put(state, path, op === 'remove' ? undefined : value);
    return true;
  }
  const index = last === '-' ? parent.length : Number(last);
  if (index > parent.length) return false;
  parent.splice(index, op === 'add' ? 0 : 1, ...(op === 'remove' ? [] : [value]));
  return true;
}
