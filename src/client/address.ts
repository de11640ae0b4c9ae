import { lineOf, resolveUrl } from '../shell/request.ts';

/** The options by which ky resolves an address. */
interface Options {
  readonly prefix?: string | URL;
  readonly baseUrl?: string | URL;
}

const isAbsolute = /^[a-z][\w+.-]*:/i;

/** Returns the URL that ky will send a call to. */
export function urlOf(input: string | URL | Request, options: Options): URL | undefined {
  const { href } = lineOf(input, undefined);
  if (typeof input !== 'string') return resolveUrl(href);
  const { baseUrl } = options;
  const base = baseUrl === undefined ? undefined : String(baseUrl);
  return resolveUrl(
    prefixed(href, options),
    base === undefined || isAbsolute.test(base) ? base : resolveUrl(base),
  );
}

/** Returns the path with its prefix, as ky resolves it against `baseUrl`. */
function prefixed(path: string, { prefix }: Options): string {
  return prefix ? `${String(prefix).replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}` : path;
}

/** Returns the check, or `undefined` in production; see `checkOptions`. */
function checkOfMode(): typeof faultIn | undefined {
  return process.env.NODE_ENV === 'production' ? undefined : faultIn;
}

function faultIn(path: string, options: Options): string | undefined {
  const relative = prefixed(path, options);
  const { baseUrl } = options;
  if (baseUrl === undefined || relative.startsWith('/') || isAbsolute.test(relative)) return undefined;
  const { pathname } = new URL(String(baseUrl), 'http://page');
  return pathname.endsWith('/')
    ? undefined
    : `is not below '${pathname}', as the baseUrl has no slash at its end. Add one.`;
}

/**
 * Returns the address of a resource.
 *
 * @throws {TypeError} if the resource has no address; and, in Node and in development builds, if the last segment of
 * `baseUrl` would be lost, as there is no slash behind it. For a verb ky resolves such a `baseUrl` without an error.
 */
export function addressIn(path: string, options: Options, route: string): URL {
  let fault: string | undefined;
  try {
    fault = checkOfMode()?.(path, options);
  } catch {
    // Without a bundler a page has no `process`, and so no check.
  }
  if (fault !== undefined) throw new TypeError(`'${route}' ${fault}`);
  const url = urlOf(path, options);
  if (url) return url;
  const { baseUrl } = options;
  const isRelative = baseUrl !== undefined && !isAbsolute.test(String(baseUrl));
  const why = isRelative
    ? `the baseUrl '${String(baseUrl)}' is relative, and there is no page. Give a whole one.`
    : 'give the client a baseUrl.';
  throw new TypeError(`'${route}' has no address: ${why}`);
}
