/**
 * Compiles a path pattern: `notes/:id` has one segment for `:id`, `files/*` takes anything after `files/`. A leading
 * slash is optional. Segments are compared as they are written in the URL, including case and percent-encoding.
 *
 * @throws {SyntaxError} for a pattern that can't mean anything: an empty name, or a `*` that isn't last.
 */
export function compilePattern(pattern: string): (pathname: string) => boolean {
  const segments = pattern.replace(/^\//, '').split('/');
  const source = segments.map((segment, index) => {
    if (segment === '*' && index === segments.length - 1) return '.*';
    if (/^:\w+$/.test(segment)) return '[^/]+';
    if (/[:*?#]/.test(segment)) {
      throw new SyntaxError(
        `Not a path pattern: '${pattern}'. Write 'notes/:id' or 'files/*'; a * stands last, alone.`,
      );
    }
    return segment.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  });
  const expression = new RegExp(`^/${source.join('/')}$`);
  return (pathname) => expression.test(pathname);
}

/** Splits the path of a route: an absolute URL is for its own origin, any other path for all. */
export function splitPattern(path: string): { readonly origin?: string; readonly pattern: string } {
  const [, origin, pattern] = /^([a-z][a-z\d+.-]*:\/\/[^/]+)\/(.*)$/i.exec(path) ?? [];
  return origin === undefined || pattern === undefined ? { pattern: path } : { origin, pattern };
}

/** The beginning of every path of a pattern: the whole path, or the part before the first parameter. */
export function stemOf(pattern: string): string {
  const path = `/${pattern.replace(/^\//, '')}`;
  const end = path.search(/\/[:*]/);
  return end < 0 ? path : path.slice(0, end + 1);
}

/** The names of a pattern's parameters: `'id'` for `notes/:id`, `'*'` for `files/*`. */
export type ParameterOf<Pattern extends string> = Pattern extends `${infer Head}/${infer Tail}`
  ? ParameterOf<Head> | ParameterOf<Tail>
  : Pattern extends `:${infer Name}`
    ? Name
    : Pattern extends '*'
      ? '*'
      : never;

/** The values of a pattern's parameters. */
export type PathParameters<Pattern extends string> = Readonly<Record<ParameterOf<Pattern>, string | number>>;

/**
 * Fills a path pattern with its parameters. Each parameter is percent-encoded as one segment; slashes in the value for
 * `*` stay.
 *
 * @throws {TypeError} for a parameter that is missing, unknown or empty, or that is `.` or `..`: a URL takes these for
 *   steps in its path, however they are encoded.
 */
export function fillPattern(pattern: string, parameters: Readonly<Record<string, string | number>>): string {
  const left = new Set(Object.keys(parameters));
  const encode = (name: string, segment: string): string => {
    if (['', '.', '..'].includes(segment))
      throw new TypeError(`'${pattern}': ${name} can't be '${segment}'.`);
    return encodeURIComponent(segment);
  };
  const segments = pattern.split('/').map((segment, index, all) => {
    const isRest = segment === '*' && index === all.length - 1;
    if (!isRest && !segment.startsWith(':')) return segment;
    const name = isRest ? '*' : segment.slice(1);
    const value = left.delete(name) ? parameters[name] : undefined;
    if (value === undefined) throw new TypeError(`'${pattern}' needs ${name}.`);
    const parts = isRest ? String(value).split('/') : [String(value)];
    return parts.map((part) => encode(name, part)).join('/');
  });
  if (left.size > 0) throw new TypeError(`'${pattern}' has no ${[...left].join(', ')}.`);
  return segments.join('/');
}
