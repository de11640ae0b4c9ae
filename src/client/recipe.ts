import { equal } from '../core/equal.ts';
import type { MediaKind } from '../core/media.ts';
import { isResolution, isStrategy } from '../core/resolution.ts';
import type { Route } from '../route.ts';
import { contentOf, valueOf, type Content } from '../shell/representation.ts';

/**
 * A change of a resource: changes the draft that it gets, or returns the next value. May be async. A recipe may run
 * several times, each time on the latest state, so it should do nothing else. It must not update its own resource: that
 * is a `TypeError`. An error that it throws ends its own update, and no other.
 */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- It may return nothing, and mostly does.
export type Recipe<Value = unknown> = (draft: Value) => Value | void | Promise<Value | void>;

/** The address of the resource whose recipe runs, up to the first `await` of the recipe. */
let called: string | undefined;

/** Whether a recipe of the resource itself is the caller. A recipe that has awaited something since isn't recognised. */
export function isInRecipeOf({ href }: URL): boolean {
  return called === href;
}

/** Makes the error of a recipe that would wait for ever: an update of its own resource runs after the recipe. */
export function waitsForItself(): TypeError {
  return new TypeError(
    'A recipe must not update its own resource: that update waits until the recipe is done.',
  );
}

/**
 * Returns what a recipe makes of a state: the very same content if the recipe changes nothing.
 *
 * @throws {TypeError} for a recipe whose result is ambiguous, or no state.
 */
export async function applyRecipe(
  recipe: Recipe,
  kind: MediaKind,
  content: Content,
  { route, url }: { readonly route: Route; readonly url: URL },
): Promise<Content> {
  const before = valueOf(kind, content, route);
  const draft = valueOf(kind, content, route);
  // Bytes would take any member, and the member would be lost.
  if (kind === 'bytes') Object.preventExtensions(draft);
  const returned: unknown = await callRecipe(recipe, draft, url);
  if (isResolution(returned) || isStrategy(returned))
    throw new TypeError('A recipe makes a value. To stop an update, let it throw.');
  const shape = shapeOf(before);
  const isWhole = shape === 'object' || shape === 'array';
  if (returned === undefined && !isWhole)
    throw new TypeError(
      'The recipe returned undefined (did it forget a return?). What is no object has no draft.',
    );
  const isAnother = returned !== undefined && returned !== draft;
  if (isAnother && !equal(draft, before))
    throw new TypeError('The recipe changed its draft and returned another value. Let it do one of the two.');
  const made = contentOf(kind, isAnother ? returned : draft, route);
  if (made === undefined) throw new TypeError(`The recipe made no ${kind}.`);
  const next = valueOf(kind, made, route);
  // An arrow function returns the value of its expression, which may be anything: `(draft) => (draft.done ||= true)`.
  if (isWhole && shapeOf(next) !== shape)
    throw new TypeError(
      `The recipe returned a value of type ${shapeOf(next)}, and the state is an ${shape}.`,
    );
  if (isAnother && kind === 'json' && isPartOf(draft, returned))
    throw new TypeError(
      'The recipe returned a part of its draft. To make that the whole state, return a copy.',
    );
  return equal(next, before) ? content : made;
}

function callRecipe(recipe: Recipe, draft: unknown, { href }: URL): ReturnType<Recipe> {
  const outer = called;
  called = href;
  try {
    return recipe(draft);
  } finally {
    called = outer;
  }
}

function shapeOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
}

/** Whether a value is the very object that stands somewhere in a document. */
function isPartOf(whole: unknown, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const open = [whole];
  for (const one of open) {
    if (typeof one !== 'object' || one === null) continue;
    for (const part of Object.values(one) as unknown[]) {
      if (part === value) return true;
      open.push(part);
    }
  }
  return false;
}
