import type { Overrides } from '../../src/options.ts';
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  createClient,
  defineRoute,
  etag,
  keepLocal,
  withConflictRecovery,
  type ClientOptions,
  type RouteOptions,
} from 'remerge';
import { root } from './built.ts';
import { moved, ofClients, ofRoutes } from './wrong-options.ts';
import { startingTime } from '../support/time.ts';

const merge = keepLocal();
/** Options as they come from JavaScript, or from a file: of any shape. */
const use = (options: unknown): unknown =>
  withConflictRecovery(fetch, options as { readonly defaults: { readonly merge: typeof merge } });
const useInClient = (options: unknown): unknown => createClient(options as ClientOptions<object>);

/** An option by its path: `server.reverts` is one of `server`. */
const at = (path: string, value: unknown): object => {
  const names = path.split('.');
  return names.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as object;
};

function faultsOf(options: unknown, make = use): string {
  try {
    make(options);
  } catch (error) {
    if (error instanceof TypeError) return error.message;
    throw error;
  }
  return 'none';
}

describe('an option that is wrong', () => {
  it.each(ofRoutes)('is told by name: %s can’t be %o', (option, value, expected, right) => {
    const told = (name: string): string => `withConflictRecovery can't use its options. ${name}: ${expected}`;
    expect(faultsOf({ defaults: { merge, ...at(option, value) } })).toBe(told(`defaults.${option}`));
    expect(faultsOf({ defaults: { merge, ...at(option, right) } })).toBe('none');
    // The same of one route, and of a route in a list.
    expect(faultsOf({ routes: { 'notes/:id': { merge, ...at(option, value) } } })).toBe(
      told(`routes["notes/:id"].${option}`),
    );
    expect(faultsOf({ routes: { 'notes/:id': { merge, ...at(option, right) } } })).toBe('none');
    const route = (wanted: unknown): unknown => defineRoute('notes/:id', { merge, ...at(option, wanted) });
    expect(faultsOf({ routes: [route(right), route(value)] })).toBe(told(`routes[1].options.${option}`));
    expect(faultsOf({ routes: [route(right)] })).toBe('none');
  });

  it.each(ofClients)(
    'is told by name, where it is of the whole client: %s can’t be %o',
    (option, value, expected, right) => {
      expect(faultsOf({ defaults: { merge }, [option]: value })).toBe(
        `withConflictRecovery can't use its options. ${option}: ${expected}`,
      );
      expect(faultsOf({ defaults: { merge }, [option]: right })).toBe('none');
      // It makes no sense for one route.
      expect(faultsOf({ routes: { a: { merge, [option]: right } } })).toMatch(
        `routes.a.${option}: there is no such`,
      );
    },
  );

  it.each([
    'notes/:',
    'notes/:id:',
    'a/*/b',
    'a/**',
    'notes?x=1',
    'notes#top',
    'https://a.example/notes/:',
    'https:/a/b',
  ])('is a path pattern that can’t parse: %s', (path) => {
    const told = faultsOf({ routes: { [path]: { merge } } });
    expect(told).toContain(`routes[${JSON.stringify(path)}]`);
    expect(told).toContain("Expected a path pattern such as 'notes/:id' or 'files/*'.");
    expect(faultsOf({ routes: [defineRoute(path, { merge })] })).toContain(
      'routes[0].path: Expected a path pattern',
    );
  });

  it.each([
    '',
    '/',
    'notes/:id',
    '/notes/:id',
    'files/*',
    '*',
    'a.b/c+d',
    'https://a.example:8080/notes/:id',
  ])('is no path pattern that can: %s', (path) => {
    expect(faultsOf({ routes: { [path]: { merge } } })).toBe('none');
    expect(faultsOf({ routes: [defineRoute(path, { merge })] })).toBe('none');
  });

  it('is also one that there is not, and a path that is missing', () => {
    expect(faultsOf({ defaults: { merge }, retries: 3 })).toMatch('retries: there is no such option.');
    expect(faultsOf({ routes: { a: { merge, retries: 3 } } })).toMatch(
      'routes.a.retries: there is no such option.',
    );
    expect(faultsOf({ routes: [{ options: { merge } }] })).toMatch('routes[0].path: Expected a path pattern');
    expect(faultsOf({ routes: [{ path: 'a' }] })).toMatch('routes[0].options: Expected');
    expect(faultsOf({ routes: { a: 'b' } })).toMatch('routes.a: Expected');
    expect(faultsOf({ routes: [defineRoute((url) => url.pathname === '/a', { merge })] })).toBe('none');
  });

  it('of a client is told as well, where it is ours: what is ky’s, or a runtime’s own, is theirs to judge', () => {
    const make = useInClient;
    const routes = { 'notes/:id': { merge } };
    expect(() => make({ routes, retry: 'often', parseJson: JSON.parse, next: {} })).not.toThrow();
    const told = "createClient can't use its options. ";
    for (const [option, wrong, expected] of ofRoutes)
      expect(() => make({ routes, defaults: at(option, wrong) })).toThrow(
        `${told}defaults.${option}: ${expected}`,
      );
    for (const [option, wrong, expected] of ofClients.slice(0, 4))
      expect(() => make({ routes, [option]: wrong })).toThrow(`${told}${option}: ${expected}`);
    expect(() => make({ routes: { a: { retries: 3 } } })).toThrow(
      `${told}routes.a.retries: there is no such option.`,
    );
    expect(() => make({ routes: { 'notes/:': {} } })).toThrow(
      `${told}routes["notes/:"]: Expected a path pattern`,
    );
    expect(() => make({ routes: [] })).toThrow(`${told}routes: Expected routes by path pattern.`);
  });

  it('of one write is told where the route alone can have it', async () => {
    // A type error here is an option that is missing from the list, or doesn't belong in it.
    const fixed: Readonly<Record<Exclude<keyof RouteOptions, keyof Overrides>, unknown>> = {
      ...{
        methods: ['PUT'],
        schema: undefined,
        version: etag(),
        readOnly: [],
        writeId: undefined,
        server: {},
      },
    };
    const recovering = withConflictRecovery(() => expect.fail('It was sent.'), { defaults: { merge } });
    for (const [name, value] of Object.entries(fixed)) {
      const recovery = { [name]: value } as Overrides;
      await expect(recovering('https://a.example/', { method: 'PUT', recovery })).rejects.toThrow(
        `This write can't use its options. ${name}: there is no such option. Its place is the route: \`{ ${name} }\`.`,
      );
    }
    const handle = createClient({ baseUrl: 'https://a.example/', routes: { a: {} } }).resource('a');
    const recovery = { server: {} } as Overrides;
    await expect(handle.create({}, { recovery })).rejects.toThrow(
      "This write can't use its options. recovery.server: there is no such option. Its place is the route: `{ server }`.",
    );
  });

  it('of a call of a handle is told where the handle takes none of that name, or another place has it', async () => {
    const api = createClient({
      ...{ baseUrl: 'https://a.example/', fetch: () => expect.fail('It was sent.') },
      routes: { a: { merge } },
    });
    const { create, delete: remove, patch, replace, update } = api.resource('a');
    const calls: ((options: never) => Promise<unknown>)[] = [
      ...[(options: never) => create({}, options), (options: never) => remove(options)],
      ...[(options: never) => patch({}, options), (options: never) => replace({}, options)],
      (options: never) => update(() => ({}), options),
    ];
    const rows = [
      ['bases', ''],
      ['merge', ' Its place is `recovery: { merge }`.'],
      ['limit', ' Its place is `recovery: { retry: { limit } }`.'],
      ['onGone', ' Its place is `recovery: { onConflict: { gone } }`.'],
      ['idempotencyKey', ' Its place is the route: `{ writeId: idempotencyKey() }`.'],
    ];
    for (const call of calls)
      for (const [name = '', place = ''] of rows)
        await expect(call({ base: {}, [name]: 1 } as never)).rejects.toThrow(
          `This write can't use its options. ${name}: there is no such option.${place}`,
        );
  });

  it.each(moved)('is answered by its place, where it was one before: %s', (option, place) => {
    const told = ': there is no such option. Its place is ';
    expect(faultsOf({ defaults: { merge }, [option]: 1 })).toContain(
      ` ${option}${told}\`defaults: { ${place} }\`.`,
    );
    expect(faultsOf({ routes: {}, [option]: 1 }, useInClient)).toContain(
      ` ${option}${told}\`defaults: { ${place} }\`.`,
    );
    for (const make of [use, useInClient])
      expect(faultsOf({ routes: { a: { merge, [option]: 1 } } }, make)).toContain(
        ` routes.a.${option}${told}\`${place}\`.`,
      );
  });

  it('is answered by its place, where only that has changed', () => {
    const told = ': there is no such option. Its place is ';
    for (const name of ['merge', 'schema', 'onConflict', 'version', 'writeId', 'maxBytes', 'methods'])
      for (const make of [use, useInClient])
        expect(faultsOf({ routes: {}, [name]: 1 }, make)).toContain(
          ` ${name}${told}\`defaults: { ${name} }\`.`,
        );
    expect(faultsOf({ retry: 1 })).toContain(` retry${told}\`defaults: { retry }\`.`);
    expect(faultsOf({ parseJson: JSON.parse })).toContain(
      ` parseJson${told}\`defaults: { server: { parseJson } }\`.`,
    );
    expect(faultsOf({ routes: { a: { origin: 'https://a.example' } } })).toContain(
      ` routes.a.origin${told}the key of the route: \`'https://api.example.com/notes/:id'\`.`,
    );
  });

  it('is told with every other that is wrong, in one error', () => {
    const told = faultsOf({
      memory: 'much',
      retries: 3,
      defaults: { retry: -1, server: { reverts: 0 } },
      routes: { 'notes/:id': { merge: 'mine', retry: { jitter: 1 } }, 'a/:': {} },
    });
    for (const name of [
      'defaults.retry.limit',
      'defaults.server.reverts',
      'memory',
      'retries',
      'routes["notes/:id"].merge',
      'routes["notes/:id"].retry.jitter',
      'routes["a/:"]',
    ])
      expect(told).toContain(` ${name}: `);
    expect(told.match(/can't use its options/g)).toHaveLength(1);
  });

  it('is never quoted: it may be a secret', () => {
    const told = faultsOf({ defaults: { merge, writeId: 'secret', server: { conflictStatuses: 'secret' } } });
    expect(told).toMatch('defaults.writeId: Expected');
    expect(told).not.toMatch('secret');
  });

  it('is no option that is undefined', () => {
    for (const [option] of ofRoutes)
      expect(faultsOf({ defaults: { merge, ...at(option, undefined) }, routes: undefined })).toBe(
        option === 'merge' ? 'A route has no merge. Give it one, or one for all routes.' : 'none',
      );
  });
});

describe('options that are none', () => {
  it.each([undefined, null, 'notes', 1])('are told as such: %o', (options) => {
    expect(faultsOf(options)).toBe(
      "withConflictRecovery can't use its options. options: Expected an object.",
    );
  });
});

describe('a route without a merge', () => {
  it('is told by its path, unless there is one for all routes', () => {
    const routes = { 'notes/:id': { retry: 1 } };
    expect(faultsOf({ routes })).toBe("Route 'notes/:id' has no merge. Give it one, or one for all routes.");
    expect(faultsOf({ routes, defaults: { merge } })).toBe('none');
  });

  it('is also the route of all URLs, where there are no routes', () => {
    expect(faultsOf({})).toBe('A route has no merge. Give it one, or one for all routes.');
  });
});

describe('a program in production', { timeout: startingTime }, () => {
  const program = `import { withConflictRecovery } from 'remerge';
    withConflictRecovery(fetch, { defaults: { merge: () => 1, retry: -1 } });
    console.log('passed');`;
  const run = (mode: string): string =>
    execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: root,
      encoding: 'utf8',
      stdio: 'pipe',
      env: { ...process.env, NODE_ENV: mode },
    });

  it('has no check of its options, and one of anything else has', () => {
    expect(run('production')).toBe('passed\n');
    for (const mode of ['development', ''])
      expect(() => run(mode)).toThrow('defaults.retry.limit: Expected a whole number');
  });
});
