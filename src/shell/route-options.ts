import * as z from 'zod/mini';
import {
  isAmount,
  isBoolean,
  isFormats,
  isFunction,
  isText,
  isListOf,
  isObject,
  isPointer,
  isVersion,
  isWritable,
  isWriteId,
} from './option-values.ts';

/** Returns the schema of an option that passes a test. */
export const expected = (what: string, passes: (value: unknown) => boolean): z.ZodMiniType =>
  z.optional(z.custom(passes, { error: `Expected ${what}.` }));

/** The schemas of a route's options, by name. */
export type RouteShape = ReturnType<typeof routeShape>;

/**
 * Makes the schemas of a route's options. As everything here they are made on use: a schema at the top of a module would
 * stay in every bundle.
 */
export function routeShape() {
  const callback = expected('a function', isFunction);
  const milliseconds = expected('milliseconds, 0 or more', isAmount);
  const orFalse = expected(
    'milliseconds, 0 or more, or false',
    (value) => value === false || isAmount(value),
  );
  const pointers = expected("JSON Pointers such as '/updatedAt', in a list", isListOf(isPointer));
  const statuses = expected(
    'a list of status codes',
    isListOf((item) => Number.isInteger(item) && Number(item) >= 100 && Number(item) <= 599),
  );
  const choice = (...words: readonly string[]) => {
    const named = words.map((word) => `'${word}'`).join(', ');
    return expected(
      `${named} or a function`,
      (value) => isFunction(value) || words.includes(value as string),
    );
  };
  const either = (...words: readonly string[]) =>
    expected(words.map((word) => `'${word}'`).join(' or '), (value) => words.includes(value as string));
  const version = expected(
    "etag(), lastModified(), field('/version'), header('X-Version'), several of them, { read, write } or none()",
    isVersion,
  );
  const methods = expected(
    "a list of 'PUT', 'PATCH', 'DELETE' and 'POST'",
    isListOf((item) => ['PUT', 'PATCH', 'DELETE', 'POST'].includes(item as string)),
  );
  const writeId = expected(
    "field('/lastWrite'), header('X-Last-Write'), writeLog('/lastWrites'), idempotencyKey(), or one of them and a key",
    isWriteId,
  );
  const group = <Shape extends Readonly<Record<string, z.ZodMiniType>>>(
    what: string,
    shape: Shape,
    ...checks: readonly z.core.$ZodCheck<unknown>[]
  ) => z.optional(z.strictObject(shape, { error: `Expected ${what}.` }).check(...checks));
  const writesJson = z.refine(isWritable, { error: 'Expected JSON, or one of formats.', path: ['writes'] });
  return {
    schema: expected('a Standard Schema', (value) => isObject(value) && '~standard' in value),
    merge: expected('a function of { base, local, remote }', isFunction),
    onConflict: group('{ edited, gone, exists, changed }', {
      edited: choice('fail'),
      gone: choice('fail', 'recreate'),
      exists: choice('fail', 'adopt', 'merge'),
      changed: choice('fail', 'delete'),
    }),
    version,
    readOnly: pointers,
    writeId,
    server: group(
      'the facts about a server, such as couchdb() or { conflictStatuses: [409] }',
      {
        name: expected('a text', isText),
        version,
        methods,
        readOnly: pointers,
        writeOnly: pointers,
        annotations: pointers,
        writeId,
        conflictStatuses: statuses,
        goneStatuses: statuses,
        classify: callback,
        readFrom: callback,
        unwrap: callback,
        replace: either('PUT', 'POST', 'PATCH'),
        create: group('{ method, at, version, find }', {
          method: either('PUT', 'POST'),
          at: callback,
          version: expected(
            'a text, a number or null',
            (value) => value === null || typeof value === 'string' || typeof value === 'number',
          ),
          find: callback,
        }),
        patches: expected(
          'mergePatch(), jsonPatch() or both, in a list',
          isListOf((item) => isObject(item) && 'apply' in item),
        ),
        means: either('state', 'part', 'actions'),
        reverts: expected('true or false', isBoolean),
        accepted: expected('poll()', (value) => isObject(value) && 'follow' in value),
        formats: expected("{ 'application/xml': { parse, stringify } }", isFormats),
        writes: expected('a content type', isText),
        parseJson: callback,
        stringifyJson: callback,
      },
      writesJson,
    ),
    // A union would only say that neither form fits.
    retry: z.pipe(
      z.transform((value) => (typeof value === 'number' ? { limit: value } : value)),
      group('a number of retries, or { limit, delay, backoffLimit, jitter, maxRetryAfter }', {
        limit: expected('a whole number, 0 or more', (value) => isAmount(value) && Number.isInteger(value)),
        delay: callback,
        backoffLimit: milliseconds,
        jitter: expected('true, false or a function', (value) => isBoolean(value) || isFunction(value)),
        maxRetryAfter: milliseconds,
      }),
    ),
    timeout: orFalse,
    totalTimeout: orFalse,
    maxBytes: expected('bytes, 0 or more', isAmount),
    methods,
  };
}
