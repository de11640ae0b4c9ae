import { compilePattern, splitPattern } from '../core/pattern.ts';

/** The part of a route that says which writes it is for. */
interface Matching {
  readonly path: unknown;
  readonly methods: readonly string[];
}

/** Hears of each write, and of the route that was found for it. */
type MissListener<Route extends Matching> = (url: URL, method: string, found: Route | undefined) => void;

/**
 * Returns a listener that warns, once for each route, of a write that just misses a route which no write has matched so
 * far; `undefined` in production. A bundler puts a constant here, so that a production bundle holds nothing of it.
 */
export function missListener<Route extends Matching>(
  routes: readonly Route[],
): MissListener<Route> | undefined {
  try {
    return listenerOfMode()?.(routes);
  } catch {
    // Without a bundler a page has no `process`, and so no warning.
    return undefined;
  }
}

function listenerOfMode(): typeof createListener | undefined {
  return process.env.NODE_ENV === 'production' ? undefined : createListener;
}

function createListener<Route extends Matching>(routes: readonly Route[]): MissListener<Route> {
  const open = new Set(routes.filter(({ path }) => typeof path === 'string'));
  return (url, method, found) => {
    if (found) open.delete(found);
    else
      for (const route of open) {
        const why = route.methods.includes(method) && reasonFor(String(route.path), url);
        if (!why) continue;
        open.delete(route);
        console.warn(
          `remerge: ${method} ${url.origin}${url.pathname} is on no route, so it won't recover. No write has been on '${String(route.path)}' so far: ${why}.`,
        );
      }
  };
}

/** Says why a write just misses a route; `undefined` for a write that has nothing to do with the route. */
function reasonFor(path: string, { origin, pathname }: URL): string | undefined {
  const { origin: only, pattern } = splitPattern(path);
  const matches = compilePattern(pattern);
  if (matches(pathname)) return only === undefined ? undefined : `it is for ${only}`;
  if (only !== undefined && new URL(only).origin !== origin) return undefined;
  const isLonger = pathname.endsWith('/');
  if (matches(isLonger ? pathname.slice(0, -1) : `${pathname}/`))
    return `the path ${isLonger ? 'has a slash too many' : 'lacks a slash'} at its end`;
  if (matches(pathname.toLowerCase())) return 'the path differs in case';
  const steps = pathname.split('/').slice(1);
  const before = steps.findIndex((_, index) => matches(`/${steps.slice(index).join('/')}`));
  const named = pattern.replace(/^\//, '').split('/');
  if (before > 0)
    return `a pattern is for the whole path, so write '${[...steps.slice(0, before), ...named].join('/')}'`;
  const after = named.findIndex(
    (name, index) => index > 0 && /^\w/.test(name) && compilePattern(named.slice(index).join('/'))(pathname),
  );
  return after > 0 ? `the path doesn't begin with '/${named.slice(0, after).join('/')}'` : undefined;
}
