import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  createClient,
  defineRoute,
  etag,
  keepLocal,
  withConflictRecovery,
  type ClientOptions,
  type Overrides,
  type RouteOptions,
} from 'remerge';
import { root } from './built.ts';
import { ofClients, ofRoutes } from './wrong-options.ts';
import { startingTime } from '../support/time.ts';

const merge = keepLocal();
/** Options as they come from JavaScript, or from a file: of any shape. */
const use = (options: unknown): unknown =>
  withConflictRecovery(fetch, options as { readonly merge: typeof merge });

function faultsOf(options: unknown): string {
  try {
    use(options);
  } catch (error) {
    if (error instanceof TypeError) return error.message;
    throw error;
  }
  return 'none';
}

describe('an option that is wrong', () => {
  it.each(ofRoutes)('is told by name: %s can’t be %o', (option, value, expected, right) => {
    const told = (name: string): string => `withConflictRecovery can't use its options. ${name}: ${expected}`;
    expect(faultsOf({ merge, [option]: value })).toBe(told(option));
    expect(faultsOf({ merge, [option]: right })).toBe('none');
    // The same of one route, and of a route in a list.
    expect(faultsOf({ routes: { 'notes/:id': { merge, [option]: value } } })).toBe(
      told(`routes["notes/:id"].${option}`),
    );
    expect(faultsOf({ routes: { 'notes/:id': { merge, [option]: right } } })).toBe('none');
    const route = (wanted: unknown): unknown => defineRoute('notes/:id', { merge, [option]: wanted });
    expect(faultsOf({ routes: [route(right), route(value)] })).toBe(told(`routes[1].options.${option}`));
    expect(faultsOf({ routes: [route(right)] })).toBe('none');
  });

  it.each(ofClients)(
    'is told by name, where it is of the whole client: %s can’t be %o',
    (option, value, expected, right) => {
      expect(faultsOf({ merge, [option]: value })).toBe(
        `withConflictRecovery can't use its options. ${option}: ${expected}`,
      );
      expect(faultsOf({ merge, [option]: right })).toBe('none');
      // It makes no sense for one route.
      expect(faultsOf({ routes: { a: { merge, [option]: right } } })).toMatch(
        `routes.a.${option}: there is no such`,
      );
    },
  );

  it.each(['notes/:', 'notes/:id:', 'a/*/b', 'a/**', 'notes?x=1', 'notes#top'])(
    'is a path pattern that can’t parse: %s',
    (path) => {
      const told = faultsOf({ routes: { [path]: { merge } } });
      expect(told).toContain(`routes[${JSON.stringify(path)}]`);
      expect(told).toContain("Expected a path pattern such as 'notes/:id' or 'files/*'.");
      expect(faultsOf({ routes: [defineRoute(path, { merge })] })).toContain(
        'routes[0].path: Expected a path pattern',
      );
    },
  );

  it.each(['', '/', 'notes/:id', '/notes/:id', 'files/*', '*', 'a.b/c+d'])(
    'is no path pattern that can: %s',
    (path) => {
      expect(faultsOf({ routes: { [path]: { merge } } })).toBe('none');
      expect(faultsOf({ routes: [defineRoute(path, { merge })] })).toBe('none');
    },
  );

  it('is also one that there is not, and a path that is missing', () => {
    expect(faultsOf({ merge, retries: 3 })).toMatch('retries: there is no such option.');
    expect(faultsOf({ routes: { a: { merge, retries: 3 } } })).toMatch(
      'routes.a.retries: there is no such option.',
    );
    expect(faultsOf({ routes: [{ options: { merge } }] })).toMatch('routes[0].path: Expected a path pattern');
    expect(faultsOf({ routes: [{ path: 'a' }] })).toMatch('routes[0].options: Expected');
    expect(faultsOf({ routes: { a: 'b' } })).toMatch('routes.a: Expected');
    expect(faultsOf({ routes: [defineRoute((url) => url.pathname === '/a', { merge })] })).toBe('none');
  });

  it('of a client is told as well, where it is ours: what is ky’s, or a runtime’s own, is theirs to judge', () => {
    const make = (options: unknown): unknown => createClient(options as ClientOptions<object>);
    const routes = { 'notes/:id': { merge } };
    expect(() => make({ routes, retry: 'often', next: {} })).not.toThrow();
    const told = "createClient can't use its options. ";
    for (const [option, wrong, expected] of [...ofRoutes, ...ofClients.slice(0, 4)])
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
        origin: 'https://a.example',
        schema: undefined,
        version: etag(),
        writeId: undefined,
      },
      ...{ patches: [], parseJson: JSON.parse, stringifyJson: JSON.stringify, means: 'actions' },
      ...{ createBy: 'POST', createAt: undefined, writeBy: 'POST', stateIn: undefined, compared: undefined },
    };
    const recovering = withConflictRecovery(() => expect.fail('It was sent.'), { merge });
    for (const [name, value] of Object.entries(fixed)) {
      const recovery = { [name]: value } as Overrides;
      await expect(recovering('https://a.example/', { method: 'PUT', recovery })).rejects.toThrow(
        `This write can't use its options. ${name}: there is no such option.`,
      );
    }
  });

  it('is told with every other that is wrong, in one error', () => {
    const told = faultsOf({
      limit: -1,
      memory: 'much',
      retries: 3,
      routes: { 'notes/:id': { merge: 'mine', jitter: 1 }, 'a/:': {} },
    });
    for (const name of [
      'limit',
      'memory',
      'retries',
      'routes["notes/:id"].merge',
      'routes["notes/:id"].jitter',
      'routes["a/:"]',
    ])
      expect(told).toContain(` ${name}: `);
    expect(told.match(/can't use its options/g)).toHaveLength(1);
  });

  it('is never quoted: it may be a secret', () => {
    expect(faultsOf({ merge, origin: 'https://user:secret@a.example/' })).toMatch('origin: Expected');
    expect(faultsOf({ merge, origin: 'https://user:secret@a.example/' })).not.toMatch('secret');
  });

  it('is no option that is undefined', () => {
    const options = ofRoutes.map(([option]) => [option, undefined]);
    expect(faultsOf({ ...Object.fromEntries(options), merge, routes: undefined })).toBe('none');
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
    const routes = { 'notes/:id': { limit: 1 } };
    expect(faultsOf({ routes })).toBe("Route 'notes/:id' has no merge. Give it one, or one for all routes.");
    expect(faultsOf({ routes, merge })).toBe('none');
  });

  it('is also the route of all URLs, where there are no routes', () => {
    expect(faultsOf({})).toBe('A route has no merge. Give it one, or one for all routes.');
  });
});

describe('a program in production', { timeout: startingTime }, () => {
  const program = `import { withConflictRecovery } from 'remerge';
    withConflictRecovery(fetch, { merge: () => 1, limit: -1 });
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
    for (const mode of ['development', '']) expect(() => run(mode)).toThrow('limit: Expected a whole number');
  });
});
