import type { Find } from '../../mutants/hunt.ts';
import { walkAll } from './crew.ts';
import { scopes, type Size } from './scopes.ts';
import { walk, type Walk } from './walk.ts';

/**
 * Walks through all scopes of a size, prints what came of them, and gives whether all is well.
 *
 * @param until A kind of flaw, by the beginning of its name: up to the first of that kind, which is printed as JSON.
 */
export async function exhaust(size: string, workers: number, until: string | undefined): Promise<boolean> {
  if (!isSize(size))
    throw new Error(`There are no scopes called '${size}': ${Object.keys(scopes).join(', ')}.`);
  if (until === undefined) return walkThrough(size, workers);
  console.log(JSON.stringify((await seekFlaw(size, until)) ?? null));
  return true;
}

function isSize(name: string): name is Size {
  return Object.hasOwn(scopes, name);
}

async function walkThrough(size: Size, workers: number): Promise<boolean> {
  const start = performance.now();
  const walks = await walkAll(size, workers, (one) => console.log(lineOf(one)));
  const seconds = (performance.now() - start) / 1_000;
  const told = new Map<string, number>();
  for (const [name, count] of walks.flatMap((one) => Object.entries(one.told)))
    told.set(name, (told.get(name) ?? 0) + count);
  const flawed = walks.filter(({ found }) => Object.keys(found).length > 0);
  const total = (of: (one: Walk) => number): string => whole(walks.reduce((sum, one) => sum + of(one), 0));
  const lines = [
    '',
    `${total((one) => one.schedules)} schedules in ${seconds.toFixed(0)} s, all there are. They come to ${total((one) => one.ends)} ends`,
    `by ${total((one) => one.states)} states. The SDK was run ${total((one) => one.lives)} times, once for all that a client can meet`,
    '',
    'writes at the ends:',
    ...[...told]
      .sort(([, one], [, other]) => other - one)
      .map(([name, count]) => `  ${name.padEnd(36)} ${whole(count).padStart(12)}`),
    '',
    ...flawed.flatMap(flawsOf),
    flawed.length > 0 ? `${flawed.length} scopes have flaws` : 'None loses, doubles or misreports a write',
  ];
  console.log(lines.join('\n'));
  return flawed.length === 0;
}

/** Walks through the scopes of a size up to the first flaw of a kind, by the beginning of its name. */
async function seekFlaw(size: Size, kind: string): Promise<(Find & { readonly kind: string }) | undefined> {
  let before = 0;
  for (const scope of scopes[size]) {
    const { found, ends } = await walk(scope, (one) => one.startsWith(kind));
    const [first] = Object.entries(found).filter(([name]) => name.startsWith(kind));
    if (first) {
      const [name, { runs, what }] = first;
      return { kind: name, runs: before + runs, seed: scope.name, what };
    }
    before += ends;
  }
  return undefined;
}

function lineOf({ name, schedules, ends, states, found }: Walk): string {
  const flaws = Object.keys(found).join(', ');
  const counts = [
    `${whole(schedules).padStart(12)} schedules`,
    `${whole(ends).padStart(9)} ends`,
    `${whole(states).padStart(9)} states`,
  ];
  return `${name.padEnd(40)} ${counts.join(', ')}${flaws && `: ${flaws}`}`;
}

function flawsOf({ name, found }: Walk): readonly string[] {
  return Object.entries(found).flatMap(([kind, { runs, what, moves }]) => [
    `${name}: ${kind}: ${what} (the ${whole(runs)}. end)`,
    ...moves.map((move) => `  ${move}`),
    '',
  ]);
}

function whole(number: number): string {
  return Math.round(number).toLocaleString('en');
}
