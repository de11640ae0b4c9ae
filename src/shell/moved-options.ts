/**
 * Returns the places of a route's options, by their names of today and, for one release, of before. See docs/moving.md.
 * They are made on use: a table at the top of a module would stay in every bundle.
 */
export function places(): Readonly<Record<string, string>> {
  return {
    ...named('schema', 'merge', 'onConflict', 'version', 'readOnly', 'writeId', 'server', 'retry', 'timeout'),
    ...named('totalTimeout', 'maxBytes', 'methods'),
    // A preset was spread into a route.
    ...within(
      'server',
      'conflictStatuses',
      'goneStatuses',
      'classify',
      'unwrap',
      'writeOnly',
      'annotations',
      'replace',
      'create',
    ),
    onGone: 'onConflict: { gone }',
    onExists: 'onConflict: { exists }',
    onStaleDelete: 'onConflict: { changed }',
    limit: 'retry: { limit }',
    delay: 'retry: { delay }',
    backoffLimit: 'retry: { backoffLimit }',
    jitter: 'retry: { jitter }',
    maxRetryAfter: 'retry: { maxRetryAfter }',
    idempotent: 'merge: defineMerge(merge, { repeatable })',
    idempotencyKey: 'writeId: idempotencyKey()',
    statusCodes: 'server: { conflictStatuses }',
    conflict: 'server: { classify }',
    remoteInConflict: 'server: { classify: () => ({ state }) }',
    token: "server: { classify: () => ({ kind: 'resend', header }) }",
    stateIn: 'server: { unwrap }',
    compared: 'server: { readOnly, writeOnly }',
    writeBy: 'server: { replace }',
    createBy: 'server: { create: { method } }',
    createAt: 'server: { create: { at } }',
    locate: 'server: { create: { find } }',
    readFrom: 'server: { readFrom }',
    patches: 'server: { patches }',
    means: 'server: { means }',
    reverts: 'server: { reverts }',
    parseJson: 'server: { parseJson }',
    stringifyJson: 'server: { stringifyJson }',
  };
}

/** Returns the names of the options that a client would take for ky's, and so would pass on unseen. */
export function misplacedNames(): readonly string[] {
  const shared = ['retry', 'timeout', 'totalTimeout', 'parseJson', 'stringifyJson'];
  return [...Object.keys(places()), 'origin'].filter((name) => !shared.includes(name));
}

/** The owner of some options: those of all routes, of one route, of a call of a handle, or its `recovery`. */
export type Owner = 'client' | 'route' | 'call' | 'recovery';

/** Returns the place of an option that was said where it isn't one; `undefined` for a name that never was one. */
export function placeOf(name: string, owner: Owner): string | undefined {
  if (name === 'origin') return "the key of the route: `'https://api.example.com/notes/:id'`";
  const all = places();
  const place = Object.hasOwn(all, name) ? all[name] : undefined;
  if (place === undefined) return undefined;
  const ofRoute = `{ ${place} }`;
  if (owner === 'client') return `\`defaults: ${ofRoute}\``;
  const isOfCall = /^(merge|onConflict|retry|timeout|totalTimeout|maxBytes)\b/.test(place);
  if (owner === 'call' && isOfCall) return `\`recovery: ${ofRoute}\``;
  const isElsewhere = owner === 'route' ? place === name : !isOfCall;
  return isElsewhere ? `the route: \`${ofRoute}\`` : `\`${place}\``;
}

function named(...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, name]));
}

function within(group: string, ...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, `${group}: { ${name} }`]));
}
