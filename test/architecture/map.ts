import type { Files } from './house.ts';

/**
 * Where the map of the house differs from the house. A file is named by its path, with or without `src/`, or by an
 * end of it that no other file has: `core/version.ts`, `recover.ts`.
 */
export function mapFaults(map: string, files: Files): readonly string[] {
  const named = new Set<string>();
  const faults: string[] = [];
  for (const name of new Set(map.match(/(?<![\w./*-])[\w./-]*\w(?<!\.d)\.ts\b/g))) {
    const outcome = name.replace(/^[./]+/, '');
    const meant = [...files.keys()].filter((path) => path === outcome || path.endsWith(`/${outcome}`));
    const exact = meant.find((path) => path === outcome || path === `src/${outcome}`) ?? meant[0];
    if (exact === undefined) faults.push(`names ${name}, which isn't there`);
    else named.add(exact);
    if (meant.length > 1 && !meant.some((path) => path === outcome || path === `src/${outcome}`))
      faults.push(`names ${name}, which may be ${meant.join(' or ')}`);
  }
  const sources = [...files.keys()].filter((path) => path.startsWith('src/') && path.endsWith('.ts'));
  return [...faults, ...sources.filter((path) => !named.has(path)).map((path) => `doesn't name ${path}`)];
}
