import type { Scenario } from './scenario.ts';

/** What all write: parts of which each belongs to one client, a list that all add to, and a phase that somebody else sets. */
export interface Document {
  phase: string;
  items: string[];
  [part: string]: unknown;
}

/** What one write is to come to. */
export interface Plan {
  /** What it puts at which JSON Pointers; `null` clears one. */
  readonly sets: Readonly<Record<string, string | null>>;
  /** What it adds to the list. */
  readonly adds?: string;
  /** What it takes from the list. */
  readonly drops?: string;
  /** The phase in which alone it may be made. */
  readonly phase?: string;
}

/** The places of one client: at the top, and in objects that others have places in, too. */
export function placesOf(name: string): readonly string[] {
  return [`/${name}`, `/box/${name}`, `/box/${name}2`, `/shelf/deep/${name}`];
}

/** What is there at first. */
export function initialOf({ clients, nulls }: Pick<Scenario, 'clients' | 'nulls'>): Document {
  const document: Document = { phase: 'open', items: [] };
  for (const name of namesOf(clients))
    for (const place of placesOf(name)) put(document, place, place.endsWith('2') ? clear(nulls) : 'off');
  return document;
}

/** The names of the clients. */
export function namesOf(clients: number): readonly string[] {
  return Array.from('abcdefgh').slice(0, clients);
}

/** What is there once a place is cleared. */
export function clear(nulls: Scenario['nulls']): null | undefined {
  return nulls === 'value' ? null : undefined;
}

/** Makes a change. */
export function change(document: Document, plan: Plan, nulls: Scenario['nulls']): void {
  for (const [place, value] of Object.entries(plan.sets)) put(document, place, value ?? clear(nulls));
  document.items = itemsAfter(document, plan);
}

/** Whether a state has all that a write was to come to. */
export function holds(document: Document, { sets, adds, drops }: Plan, nulls: Scenario['nulls']): boolean {
  const { items } = document;
  const isSet = ([place, value]: [string, string | null]): boolean =>
    at(document, place) === (value ?? clear(nulls));
  if ((adds !== undefined && !items.includes(adds)) || (drops !== undefined && items.includes(drops)))
    return false;
  return Object.entries(sets).every(isSet);
}

export function itemsAfter({ items }: Document, { adds, drops }: Plan): string[] {
  return [...items.filter((item) => item !== drops), ...(adds === undefined ? [] : [adds])];
}

/** What is at a JSON Pointer; `undefined` for nothing. */
export function at(state: unknown, pointer: string): unknown {
  let found = state;
  for (const name of pointer.split('/').slice(1))
    found = (found as Record<string, unknown> | undefined)?.[name];
  return found;
}

/** Puts something at a JSON Pointer, in objects that are made where there are none; `undefined` takes away what is there. */
export function put(state: object, pointer: string, value: unknown): void {
  const names = pointer.split('/').slice(1);
  const last = names.pop() ?? '';
  let inner = state as Record<string, unknown>;
  for (const name of names) inner = (inner[name] ??= {}) as Record<string, unknown>;
  if (value === undefined) Reflect.deleteProperty(inner, last);
  else inner[last] = value;
}

/** Every leaf of a state by its JSON Pointer, as JSON. A list is one leaf. */
export function leavesOf(state: unknown, pointer = ''): ReadonlyMap<string, string> {
  if (!isObject(state)) return new Map([[pointer, JSON.stringify(state)]]);
  return new Map(
    Object.entries(state).flatMap(([name, inner]) => [...leavesOf(inner, `${pointer}/${name}`)]),
  );
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
