import { posix } from 'node:path';
import ts from 'typescript';
import { linksOf, type Links } from './imports.ts';

/** Files by their path from the top of the repository. */
export type Files = ReadonlyMap<string, string>;

/** The layers, and what each may import. A folder that isn't here has no place in the house yet. */
const layers: Readonly<Record<string, readonly string[]>> = {
  entry: [
    'vocabulary',
    'top',
    'client',
    'presets',
    'probe',
    'poll',
    'testing',
    'facts',
    'core',
    'merge',
    'shell',
  ],
  vocabulary: ['top', 'client', 'facts', 'core', 'merge', 'shell'],
  // What a user makes and is told, the door and the conductor; no cycle leads back.
  top: ['top', 'client', 'stages', 'recovery', 'facts', 'core', 'merge', 'shell'],
  client: ['client', 'top', 'recovery', 'facts', 'core', 'merge', 'shell'],
  probe: ['probe', 'top', 'stages', 'recovery', 'facts', 'core', 'merge', 'shell'],
  stages: ['stages', 'recovery', 'top', 'facts', 'core', 'merge', 'shell'],
  recovery: ['recovery', 'top', 'facts', 'core', 'merge', 'shell'],
  // Facts about servers. They are options like any other, and the flow knows nothing of them.
  presets: ['presets', 'facts', 'core', 'merge'],
  // How a server's operations are followed: a value of an option, which the flow calls.
  poll: ['poll', 'recovery', 'facts', 'core', 'shell'],
  // What tests are made of: a server, its faults, a clock. No other part of the house knows of it.
  testing: ['testing', 'facts', 'core', 'merge', 'shell'],
  // The words in which a server is described.
  facts: ['facts', 'core', 'merge', 'shell'],
  shell: ['shell', 'core'],
  merge: ['merge', 'core'],
  core: ['core'],
};

/** The files that a user imports. They hand on public names and do nothing else. */
const entries = ['index', 'lazy', 'recovery', 'merge', 'presets', 'probe', 'poll', 'testing'].map(
  (name) => `src/${name}.ts`,
);

/** The names that several entries hand on. */
const vocabulary = 'src/vocabulary.ts';

/** The layers that are pure: they know neither a page nor Node. */
const pure = ['core', 'merge'];

/** The one file, or folder, that each dependency is for; ky is what a client is made of, and what a call goes through. */
const places: Readonly<Record<string, string | readonly string[]>> = {
  ky: 'src/client/',
  'p-retry': 'src/shell/retry.ts',
  zod: ['src/shell/options.ts', 'src/shell/route-options.ts'],
};

const longest = 300;

/** A drawer that anything fits in tells nothing about what is in it. */
const drawer = /^([\w-]+[-.])?(utils?|helpers?|common|types)(\.[\w.]+)?$/;

/** The options that describe a server. Presets and the flow know them alike. */
const facts = ['src/server.ts', 'src/operation.ts'];

/** The layer of a source file: its folder, or `top`, or `entry`. */
function layerOf(path: string): string {
  if (entries.includes(path)) return 'entry';
  if (path === vocabulary) return 'vocabulary';
  if (facts.includes(path)) return 'facts';
  const [, folder = '', ...inside] = path.split('/');
  return inside.length > 0 ? folder : 'top';
}

/** Who imports whom, among the source files. */
export function arrows(files: Files): ReadonlyMap<string, readonly string[]> {
  return new Map(
    [...linksIn(files)].map(([path, { imports }]) => [
      path,
      imports.filter(isRelative).map((name) => resolve(path, name)),
    ]),
  );
}

function linksIn(files: Files): ReadonlyMap<string, Links> {
  const sources = [...files].filter(([path]) => path.startsWith('src/') && path.endsWith('.ts'));
  return new Map(sources.map(([path, source]) => [path, linksOf(path, source)]));
}

function isRelative(name: string): boolean {
  return name.startsWith('.');
}

function resolve(path: string, name: string): string {
  return posix.join(posix.dirname(path), name);
}

/** Arrows between layers that point the wrong way, or nowhere. */
export function wrongArrows(files: Files): readonly string[] {
  return [...arrows(files)].flatMap(([from, targets]) => {
    const allowed = layers[layerOf(from)];
    if (!allowed) return [`${from} stands in no layer: there is none of the name '${layerOf(from)}'`];
    return targets
      .filter((to) => !files.has(to) || !allowed.includes(layerOf(to)))
      .map((to) =>
        files.has(to) ? `${from} may not import ${to}` : `${from} imports ${to}, which isn't there`,
      );
  });
}

/** The cycles among the imports, each told once, from its first file in the alphabet round to itself. */
export function cycles(files: Files): readonly string[] {
  const graph = arrows(files);
  const found = new Set<string>();
  const done = new Set<string>();
  const walk = (path: string, way: readonly string[]): void => {
    const start = way.indexOf(path);
    if (start >= 0) {
      const round = way.slice(start);
      const first = round.indexOf([...round].sort()[0] ?? path);
      const turned = [...round.slice(first), ...round.slice(0, first)];
      found.add([...turned, ...turned.slice(0, 1)].join(' → '));
    } else if (!done.has(path)) {
      for (const next of graph.get(path) ?? []) walk(next, [...way, path]);
      done.add(path);
    }
  };
  for (const path of graph.keys()) walk(path, []);
  return [...found];
}

/** Re-exports outside of the entry points, and code inside of them. */
export function strayExports(files: Files): readonly string[] {
  return [...linksIn(files)].flatMap(([path, { reexports, ownCode }]) => {
    if (entries.includes(path) || path === vocabulary)
      return ownCode ? [`${path} does more than re-export`] : [];
    return reexports.map((name) => `${path} re-exports ${name}`);
  });
}

/** Dependencies that are imported in another file than theirs, and modules of Node anywhere. */
export function strayDependencies(files: Files): readonly string[] {
  return [...linksIn(files)].flatMap(([path, { imports }]) =>
    imports
      .filter((name) => !isRelative(name) && !isPlaceOf(name, path))
      .map((name) => `${path} may not import ${name}`),
  );
}

function isPlaceOf(name: string, path: string): boolean {
  const own = [places[packageOf(name)] ?? []].flat();
  return own.some((place) => path === place || (place.endsWith('/') && path.startsWith(place)));
}

function packageOf(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Files that are too long to be read at one go. A list of promises is read line by line, so tests may be longer. */
export function longFiles(files: Files): readonly string[] {
  return [...files]
    .filter(([path]) => /\.[jt]s$/.test(path) && !path.endsWith('.test.ts'))
    .map(([path, source]) => ({ path, lines: source.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > longest)
    .map(({ path, lines }) => `${path} has ${String(lines)} lines`);
}

/** Files and folders whose name says nothing. (A test of types is rightly called so.) */
export function drawers(files: Files): readonly string[] {
  return [...files.keys()].filter(
    (path) => /^(src|docs)\//.test(path) && path.split('/').some((step) => drawer.test(step)),
  );
}

/** Pure folders whose compiler settings would let a page or Node in. */
export function impureFolders(files: Files): readonly string[] {
  const settings = pure.flatMap((layer) => {
    const path = `src/${layer}/tsconfig.json`;
    const source = files.get(path);
    if (source === undefined) return [`${path} is missing`];
    const { config } = ts.parseConfigFileTextToJson(path, source) as {
      readonly config?: { readonly compilerOptions?: { readonly lib?: unknown; readonly types?: unknown } };
    };
    const { lib, types } = config?.compilerOptions ?? {};
    return [
      ...(isList(lib) && lib.length > 0 && lib.every((name) => /^es\d+(\.\w+)*$/i.test(String(name)))
        ? []
        : [`${path} must name a lib without DOM`]),
      ...(isList(types) && types.length === 0 ? [] : [`${path} must take in no types`]),
    ];
  });
  const references = [...linksIn(files)]
    .filter(([path]) => pure.includes(layerOf(path)))
    .flatMap(([path, links]) => links.references.map((name) => `${path} takes in ${name}`));
  return [...settings, ...references];
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
