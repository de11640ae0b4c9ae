import * as z from 'zod/mini';
import { compilePattern, splitPattern } from '../core/pattern.ts';
import { misplacedNames, placeOf, type Owner } from './moved-options.ts';
import { settings } from './request.ts';
import { isBoolean, isBudget, isFunction, isObject, parses } from './option-values.ts';
import { expected, routeShape, type RouteShape } from './route-options.ts';

/**
 * Checks options, in Node and in development builds.
 *
 * @param maker The name of the function that the options are for.
 * @throws {TypeError} that names every option that is wrong.
 */
export function checkOptions(maker: string, options: unknown): void {
  let fault: string | undefined;
  try {
    fault = checkOfMode()?.(maker, options);
  } catch {
    // Without a bundler a page has no `process`, and so no check.
  }
  if (fault !== undefined) throw new TypeError(fault);
}

/**
 * Returns the check, or `undefined` in production. A bundler puts a constant here, so that a production bundle holds
 * neither the check nor zod. Inside a `try` Rollup would keep code that is never reached.
 */
function checkOfMode(): typeof faultIn | undefined {
  return process.env.NODE_ENV === 'production' ? undefined : faultIn;
}

/**
 * Says which options are wrong and what was expected, in one message; returns `undefined` if all are right. For Node
 * and development builds: a production bundle has neither this function nor zod.
 */
function faultIn(maker: string, options: unknown): string | undefined {
  const schema = schemaFor(maker, options);
  const result = schema.safeParse(options, { reportInput: false });
  if (result.success) return undefined;
  const faults = result.error.issues.flatMap((issue) => {
    const name = nameOf(issue.path);
    if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => `${name}: ${message}`);
    if (issue.code !== 'unrecognized_keys') return [`${name}: ${issue.message}`];
    return issue.keys.map((key) => unknown(issue.path, key, ownerOf(maker, issue.path)));
  });
  return `${maker === 'write' || maker === 'call' ? 'This write' : maker} can't use its options. ${faults.join(' ')}`;
}

function schemaFor(maker: string, options: unknown): z.ZodMiniType {
  if (maker === 'write') return (overrides ??= z.strictObject(overridable(routeShape())));
  if (maker === 'call') return (callOptions ??= callShape());
  if (maker === 'probe') return z.strictObject({ ...routeShape(), clock: expected('a Clock', isObject) });
  return recoveryOptions(options, maker === 'createClient');
}

/** Says that there is no option of this name, and which one takes its place. */
function unknown(path: readonly PropertyKey[], key: string, owner: Owner): string {
  const place = placeOf(key, owner);
  return `${nameOf([...path, key])}: there is no such option.${place ? ` Its place is ${place}.` : ''}`;
}

function ownerOf(maker: string, path: readonly PropertyKey[]): Owner {
  if (maker === 'write') return 'recovery';
  if (maker === 'call') return path.length === 0 ? 'call' : 'recovery';
  return path.length === 0 ? 'client' : 'route';
}

/** The schema of the options of one call. It is made once, as it is needed again and again. */
let overrides: z.ZodMiniType | undefined;

/** The schema of all that a call of a handle may say. It is made once, too. */
let callOptions: z.ZodMiniType | undefined;

function callShape(): z.ZodMiniType {
  const flag = expected('true or false', isBoolean);
  const any = Object.fromEntries(
    [...settings, 'base', 'signal', 'headers'].map((name) => [name, z.optional(z.any())]),
  );
  const recovery = z.optional(z.strictObject(overridable(routeShape())));
  return z.strictObject({ ...any, recovery, together: flag, repeatable: flag });
}

/** Returns the options that one call may override. */
function overridable({ merge, onConflict, retry, timeout, totalTimeout, maxBytes }: RouteShape) {
  return { merge, onConflict, retry, timeout, totalTimeout, maxBytes };
}

/** Returns a path as JavaScript writes it: `routes["notes/:id"].limit`. */
function nameOf(path: readonly PropertyKey[]): string {
  const steps = path.map((step) => {
    if (typeof step === 'string' && /^[A-Za-z_]\w*$/.test(step)) return `.${step}`;
    return typeof step === 'string' ? `[${JSON.stringify(step)}]` : `[${String(step)}]`;
  });
  return steps.join('').replace(/^\./, '') || 'options';
}

function compileRoutePath(path: string): unknown {
  return compilePattern(splitPattern(path).pattern);
}

function recoveryOptions(options: unknown, isClient: boolean): z.ZodMiniType {
  const route = routeShape();
  const pattern = z.string().check(
    z.refine((path) => parses(compileRoutePath, path), {
      error: "Expected a path pattern such as 'notes/:id' or 'files/*'.",
    }),
  );
  const path = z.custom(
    (value) =>
      isFunction(value) || parses(compileRoutePath, value) || (isObject(value) && isFunction(value.test)),
    { error: "Expected a path pattern such as 'notes/:id' or 'files/*', a URLPattern or a function." },
  );
  const routeOptions = z.strictObject(route, { error: 'Expected the options of a route.' });
  // Each form is checked by itself: a union would only say that neither form fits.
  const routes =
    isObject(options) && Array.isArray(options.routes) && !isClient
      ? z.array(z.strictObject({ path, options: routeOptions }))
      : z.record(pattern, routeOptions, {
          error: `Expected routes by path pattern${isClient ? '' : ', or a list of them'}.`,
        });
  // A client's other options belong to ky or to a runtime, so they aren't checked here.
  const object = isClient ? z.looseObject : z.strictObject;
  return object(
    {
      ...(isClient && misplaced()),
      routes: z.optional(routes),
      defaults: z.optional(routeOptions),
      memory: route.maxBytes,
      scope: expected('a function', isFunction),
      onEvent: expected('a function', isFunction),
      budget: expected(
        'false, or tokens, conflictCost, failureCost and successIncrement, each 0 or more',
        isBudget,
      ),
      clock: expected('a Clock', isObject),
      ...(isClient && { acrossTabs: expected('true or false', isBoolean) }),
    },
    { error: 'Expected an object.' },
  );
}

/** The options of a route that a client would take for ky's, and so would pass on unseen. */
function misplaced(): Record<string, z.ZodMiniType> {
  const schemaOf = (name: string): z.ZodMiniType => {
    const error = `there is no such option. Its place is ${placeOf(name, 'client') ?? ''}.`;
    return z.optional(z.custom(() => false, { error }));
  };
  return Object.fromEntries(misplacedNames().map((name) => [name, schemaOf(name)]));
}
