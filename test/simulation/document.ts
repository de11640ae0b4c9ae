import {
  counter,
  etag,
  field,
  header,
  keepLocal,
  set,
  threeWay,
  writeLog,
  type Merge,
  type RouteOptions,
  type WriteIdPlace,
} from 'remerge';
import type { Scenario, Workload } from './scenario.ts';

/** What all writers write. Which member counts is the workload's. */
export interface Document {
  items: string[];
  count: number;
  value: string;
  version?: number;
}

export const initial: Document = { items: [], count: 0, value: 'at first' };

/** What is there at first. A log that nobody has written to proves nothing. */
export function initialOf({ writeId, hasLog }: Pick<Scenario, 'writeId' | 'hasLog'>): Document {
  return writeId === 'log' && hasLog ? { ...initial, ...{ lastWrites: ['the first'] } } : initial;
}

/** Makes an operation's change. */
export function change(workload: Workload, document: Document, id: string, isIdempotent: boolean): void {
  if (workload === 'lock') document.value = 'locked';
  else if (workload === 'counter') document.count += 1;
  else if (workload === 'register') document.value = id;
  else if (!isIdempotent || !document.items.includes(id)) document.items.push(id);
}

/** What a state of the server says. Where there is nothing, nobody has written anything. */
export function documentOf(text: string | undefined): Document {
  return text === undefined ? initial : (JSON.parse(text) as Document);
}

/** The member that the workload's writers change. */
export function memberOf(workload: Workload): 'items' | 'count' | 'value' {
  if (workload === 'counter') return 'count';
  return workload === 'list' || workload === 'contest' ? 'items' : 'value';
}

/** How a caller of the workload merges. Only a list has a merge of its own that comes to the same however often it is made. */
export function mergeOf({
  workload,
  isReady,
  isIdempotent,
}: Pick<Scenario, 'workload' | 'isReady' | 'isIdempotent'>): Merge {
  if (isReady) {
    if (workload === 'register' || workload === 'lock') return keepLocal();
    return threeWay<Document>(
      workload === 'counter' ? { '/count': counter() } : { '/items': set() },
    ) as Merge;
  }
  const merge: Merge<Document> = ({ base, local, remote }) => {
    if (workload === 'register' || workload === 'lock') return { ...remote, value: local.value };
    const { count, items } = base ?? initial;
    const added = local.items.slice(items.length);
    const news = isIdempotent ? added.filter((id) => !remote.items.includes(id)) : added;
    return { ...remote, items: [...remote.items, ...news], count: remote.count + local.count - count };
  };
  return merge as Merge;
}

export function versionOf({ version }: Pick<Scenario, 'version'>): NonNullable<RouteOptions['version']> {
  return version === 'body' ? field('/version') : etag();
}

/** @param nth The number of the client. */
export function writeIdOf(
  { writeId, keep, isMixed }: Pick<Scenario, 'writeId' | 'keep' | 'isMixed'>,
  nth: number,
): WriteIdPlace | undefined {
  const own = isMixed ? ([2, 0, 100, 1][nth % 4] ?? keep) : keep;
  if (writeId === 'log') return writeLog('/lastWrites', { keep: own });
  return writeId === 'body' ? field('/lastWrite') : writeId === 'header' ? header('X-Last-Write') : undefined;
}
