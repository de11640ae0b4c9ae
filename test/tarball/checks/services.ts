import { once, type Check, type Suite } from '../check.ts';
import { project } from '../place.ts';
import { succeed, tool } from '../programs.ts';
import { bun, deno, nodes, versionOf, type Runtime } from '../runtimes.ts';
import { atVenue } from '../venue.ts';

const expected = { update: 'merged', wrapped: 'merged', lost: 'already-applied', unreached: 'network-error' };
/** Deno says only in words that nobody was there, and words are no proof. */
const inDeno = { ...expected, unreached: 'outcome-unknown' };

/** Programs that a server runs: in Node as a module and in CommonJS, in Bun, in Deno. Each has to end by itself. */
export const services: Suite = (place) => {
  const folder = once(() => project(place, 'service'));

  const check = (
    { name, from, program }: Runtime,
    kind: string,
    args: (origins: readonly string[]) => readonly string[],
  ): Check => ({
    promise: `${name} (${versionOf(from)}) recovers writes${kind}`,
    run: async () => {
      const path = await folder();
      return atVenue(from === deno.from ? inDeno : expected, (origins) =>
        succeed(tool(`${from}/${program}`), [...args(origins), ...origins], path),
      );
    },
  });
  /** What Deno may do: reach these servers, and nothing else. It reads no environment. */
  const allowed = (origins: readonly string[]): string =>
    `--allow-net=${origins.map((origin) => new URL(origin).host).join(',')}`;

  return [
    ...nodes.map((runtime) => check(runtime, ', imported by a module', () => ['service.js'])),
    ...nodes.map((runtime) => check(runtime, ', required by CommonJS', () => ['service.cjs'])),
    check(bun, '', () => ['service.js']),
    check(deno, ' with no permission but to reach the server', (origins) => [
      'run',
      '--no-prompt',
      allowed(origins),
      'service.js',
    ]),
  ];
};
