import * as z from 'zod/mini';
import { compilePattern } from '../core/pattern.ts';
import {
  isFunction,
  isObject,
  isAmount,
  isListOf,
  isBudget,
  isReadable,
  isHeaderName,
  isOrigin,
  parses,
  isVersion,
} from './option-values.ts';

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
  const schema =
    maker === 'write'
      ? (overrides ??= z.strictObject(overridable(routeShape())))
      : recoveryOptions(options, maker === 'createClient');
  const result = schema.safeParse(options, { reportInput: false });
  if (result.success) return undefined;
  const faults = result.error.issues.flatMap((issue) => {
    const name = nameOf(issue.path);
    if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => `${name}: ${message}`);
    if (issue.code !== 'unrecognized_keys') return [`${name}: ${issue.message}`];
    return issue.keys.map((key) => `${nameOf([...issue.path, key])}: there is no such option.`);
  });
  return `${maker === 'write' ? 'This write' : maker} can't use its options. ${faults.join(' ')}`;
}

/** The schema of the options of one call. It is made once, as it is needed again and again. */
let overrides: z.ZodMiniType | undefined;

/** Returns the options of a route without those that say what the resource is. */
function overridable<Shape extends object>(shape: Shape): Partial<Shape> {
  const fixed: readonly string[] = [
    ...['methods', 'origin', 'schema', 'version', 'writeId', 'patches', 'parseJson', 'stringifyJson'],
    ...['createBy', 'createAt', 'writeBy', 'stateIn', 'compared', 'means'],
  ];
  return Object.fromEntries(
    Object.entries(shape).filter(([name]) => !fixed.includes(name)),
  ) as Partial<Shape>;
}

/** Returns a path as JavaScript writes it: `routes["notes/:id"].limit`. */
function nameOf(path: readonly PropertyKey[]): string {
  const steps = path.map((step) => {
    if (typeof step === 'string' && /^[A-Za-z_]\w*$/.test(step)) return `.${step}`;
    return typeof step === 'string' ? `[${JSON.stringify(step)}]` : `[${String(step)}]`;
  });
  return steps.join('').replace(/^\./, '') || 'options';
}

const expected = (what: string, passes: (value: unknown) => boolean): z.ZodMiniType =>
  z.optional(z.custom(passes, { error: `Expected ${what}.` }));

/**
 * Makes the schemas of a route's options. As everything here they are made on use: a schema at the top of a module would
 * stay in every bundle.
 */
function routeShape() {
  const callback = expected('a function', isFunction);
  const flag = expected('true or false', (value) => typeof value === 'boolean');
  const milliseconds = expected('milliseconds, 0 or more', isAmount);
  const bytes = expected('bytes, 0 or more', isAmount);
  return {
    merge: expected('a function of { base, local, remote }', isFunction),
    version: expected(
      "etag(), lastModified(), field('/version'), header('X-Version'), several of them, { read, write } or none()",
      isVersion,
    ),
    methods: expected(
      "a list of 'PUT', 'PATCH', 'DELETE' and 'POST'",
      isListOf((item) => ['PUT', 'PATCH', 'DELETE', 'POST'].includes(item as string)),
    ),
    patches: expected(
      'mergePatch(), jsonPatch() or both, in a list',
      isListOf((item) => isObject(item) && 'apply' in item),
    ),
    onStaleDelete: expected(
      "'fail', 'delete' or a function",
      (value) => value === 'fail' || value === 'delete' || isFunction(value),
    ),
    origin: expected("an origin such as 'https://api.example.com'", isOrigin),
    schema: expected('a Standard Schema', (value) => isObject(value) && '~standard' in value),
    statusCodes: expected(
      'a list of status codes',
      isListOf((item) => Number.isInteger(item) && Number(item) >= 100 && Number(item) <= 599),
    ),
    conflict: callback,
    remoteInConflict: callback,
    readFrom: callback,
    onConflict: expected(
      "'fail', 'defer' or a function",
      (value) => value === 'fail' || value === 'defer' || isFunction(value),
    ),
    onGone: expected(
      "'fail', 'recreate' or a function",
      (value) => value === 'fail' || value === 'recreate' || isFunction(value),
    ),
    onExists: expected(
      "'fail', 'adopt', 'merge' or a function",
      (value) => ['fail', 'adopt', 'merge'].includes(value as string) || isFunction(value),
    ),
    locate: callback,
    idempotent: flag,
    reverts: flag,
    means: expected("'state' or 'actions'", (value) => value === 'state' || value === 'actions'),
    writeId: expected("field('/lastWrite'), header('X-Last-Write') or writeLog('/lastWrites')", isReadable),
    idempotencyKey: flag,
    createBy: expected("'PUT' or 'POST'", (value) => value === 'PUT' || value === 'POST'),
    createAt: callback,
    writeBy: expected("'PUT' or 'POST'", (value) => value === 'PUT' || value === 'POST'),
    stateIn: callback,
    compared: callback,
    token: expected('the name of a header', isHeaderName),
    timeout: expected('milliseconds, 0 or more, or false', (value) => value === false || isAmount(value)),
    limit: expected('a whole number, 0 or more', (value) => isAmount(value) && Number.isInteger(value)),
    totalTimeout: expected(
      'milliseconds, 0 or more, or false',
      (value) => value === false || isAmount(value),
    ),
    delay: callback,
    backoffLimit: milliseconds,
    jitter: expected('true, false or a function', (value) => typeof value === 'boolean' || isFunction(value)),
    maxRetryAfter: milliseconds,
    maxBytes: bytes,
    parseJson: callback,
    stringifyJson: callback,
  };
}

function recoveryOptions(options: unknown, isClient: boolean): z.ZodMiniType {
  const route = routeShape();
  const pattern = z.string().check(
    z.refine((path) => parses(compilePattern, path), {
      error: "Expected a path pattern such as 'notes/:id' or 'files/*'.",
    }),
  );
  const path = z.custom(
    (value) =>
      isFunction(value) || parses(compilePattern, value) || (isObject(value) && isFunction(value.test)),
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
      ...route,
      routes: z.optional(routes),
      memory: route.maxBytes,
      scope: route.conflict,
      onEvent: route.conflict,
      budget: expected('false, or tokens, conflict, failure and success, each 0 or more', isBudget),
      clock: expected('a Clock', isObject),
      ...(isClient && { acrossTabs: route.idempotent }),
    },
    { error: 'Expected an object.' },
  );
}
