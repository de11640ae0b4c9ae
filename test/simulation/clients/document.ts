import type { Scenario } from './scenario.ts';

/** What all users write. */
export interface Document {
  /** Which document it is, and whose: nobody changes that. */
  name: string;
  /** The ids of the calls that have changed it. */
  items: string[];
  /** How many of them there are. */
  count: number;
  /** The id of the call that has set it last. */
  value: string;
  version?: number;
}

/** What stands at an address for a user: each has settings of their own, and all share the rest. */
export function nameOf(path: string, user: string): string {
  return path.startsWith('me/') ? `${path} of ${user}` : path;
}

/** A document that nobody has changed yet. */
export function blank(name: string): Document {
  return { name, items: [], count: 0, value: 'at first' };
}

/** Makes a call's change to a draft. */
export function change(draft: Document, id: string, isIdempotent = false): void {
  if (isIdempotent && draft.items.includes(id)) return;
  draft.items.push(id);
  draft.count += 1;
}

/** A state with a call's change, which sets the value as well. */
export function changed(state: Document, id: string): Document {
  return { ...state, items: [...state.items, id], count: state.count + 1, value: id };
}

export function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && Array.isArray((value as Partial<Document>).items);
}

/** Merges two documents as an application would: what was added is added, and a value that was set is set. */
export function merged(
  {
    base,
    local,
    remote,
  }: { readonly base: Document | undefined; readonly local: Document; readonly remote: Document },
  { isIdempotent }: Pick<Scenario, 'isIdempotent'>,
): Document {
  const from = base ?? blank(local.name);
  const added = local.items.filter((id) => !from.items.includes(id));
  // What nobody knows the base of may be there already.
  const news = isIdempotent || !base ? added.filter((id) => !remote.items.includes(id)) : added;
  const value = local.value === from.value ? remote.value : local.value;
  return { ...remote, items: [...remote.items, ...news], count: remote.count + news.length, value };
}
