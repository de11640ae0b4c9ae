import { equal } from '../core/equal.ts';
import type { MediaKind } from '../core/media.ts';
import { isResolution, isStrategy } from '../core/resolution.ts';
import type { Route } from '../route.ts';
import { contentOf, valueOf, type Content } from '../shell/representation.ts';

/**
 * A change of a resource: it changes the draft that it gets, or returns the next value. May be async. It may run several
 * times, each time on the latest state, so it should do nothing else. What it throws ends its own update, and no other.
 */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- It may return nothing, and mostly does.
export type Recipe<Value = unknown> = (draft: Value) => Value | void | Promise<Value | void>;

/**
 * What a recipe makes of a state. The very same content where it changes nothing.
 *
 * @throws {TypeError} for a recipe that doesn't say what it means.
 */
export async function applyRecipe(
  recipe: Recipe,
  kind: MediaKind,
  content: Content,
  route: Route,
): Promise<Content> {
  const before = (): unknown => valueOf(kind, content, route);
  const draft = before();
  // Bytes take any member, and it would be lost.
  if (kind === 'bytes') Object.preventExtensions(draft);
  const returned: unknown = await recipe(draft);
  if (isResolution(returned) || isStrategy(returned))
    throw new TypeError('A recipe makes a value. To stop an update, let it throw.');
  if (returned === undefined && (typeof draft !== 'object' || draft === null))
    throw new TypeError(
      'The recipe returned undefined (did it forget a return?). What is no object has no draft.',
    );
  if (returned !== undefined && returned !== draft && !equal(draft, before()))
    throw new TypeError('The recipe changed its draft and returned another value. Let it do one of the two.');
  const next = returned === undefined ? draft : returned;
  const made = contentOf(kind, next, route);
  if (made === undefined) throw new TypeError(`The recipe made no ${kind}.`);
  return equal(valueOf(kind, made, route), before()) ? content : made;
}
