/**
 * Compiles a path pattern: `notes/:id` has one segment for `:id`, `files/*` takes anything after `files/`. A leading
 * slash is optional. Segments are compared as they stand in the URL, case and percent-encoding included.
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
