import { lineOf, resolveUrl } from '../shell/request.ts';

/** What ky resolves an address by. */
interface Options {
  readonly prefix?: string | URL;
  readonly baseUrl?: string | URL;
}

const isAbsolute = /^[a-z][\w+.-]*:/i;

/** Where ky will send a call. */
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

/** What ky resolves against `baseUrl`. */
function prefixed(path: string, { prefix }: Options): string {
  return prefix ? `${String(prefix).replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}` : path;
}

/** The check, unless this is production; see `checkOptions`. */
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
 * The address of a resource.
 *
 * @throws {TypeError} where there is none; and, in Node and in development builds, for a `baseUrl` whose last segment would
 * be lost, as it has no slash behind it. For a verb that is ky's own way, and no fault.
 */
export function addressIn(path: string, options: Options, route: string): URL {
  let fault: string | undefined;
  try {
    fault = checkOfMode()?.(path, options);
  } catch {
    // A page without a bundler has no `process`, and no check.
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
