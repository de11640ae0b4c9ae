import { slide, type Marks } from './slide.ts';

/** One place where a side differs from the base: the side has its lines there instead of these lines of the base. */
export interface Hunk {
  readonly baseFrom: number;
  readonly baseTo: number;
  readonly sideFrom: number;
  readonly sideTo: number;
}

/** Reads the hunks off the marks of a diff, after sliding its runs to where git would put them. */
export function hunksOf(
  base: readonly string[],
  side: readonly string[],
  removed: Marks,
  added: Marks,
): Hunk[] {
  slide(base, removed, added);
  slide(side, added, removed);
  const hunks: Hunk[] = [];
  for (let baseTo = 0, sideTo = 0; baseTo < base.length || sideTo < side.length; baseTo++, sideTo++) {
    const baseFrom = baseTo;
    const sideFrom = sideTo;
    while (removed[baseTo]) baseTo++;
    while (added[sideTo]) sideTo++;
    if (baseFrom < baseTo || sideFrom < sideTo) hunks.push({ baseFrom, baseTo, sideFrom, sideTo });
  }
  return hunks;
}

/**
 * Weaves both sides' hunks into one sequence (diff3). Hunks that touch form one group. Where both sides have hunks in a
 * group, both must result in the same lines, or `prefer` says which side's lines to take.
 *
 * @returns `undefined` where the sides differ and no side is preferred.
 */
export function weave(
  base: readonly string[],
  sides: Readonly<Record<'local' | 'remote', readonly string[]>>,
  hunks: Readonly<Record<'local' | 'remote', readonly Hunk[]>>,
  prefer: 'local' | 'remote' | undefined,
): string[] | undefined {
  const woven: string[] = [];
  const next = { local: 0, remote: 0 };
  const names = ['local', 'remote'] as const;

  const append = (lines: readonly string[], from: number, to: number) => {
    for (let index = from; index < to; index++) woven.push(lines[index] ?? '');
  };
  /** The lines that a side has for a range of lines of the base. */
  const become = (name: 'local' | 'remote', group: readonly Hunk[], from: number, to: number): string[] => {
    const lines: string[] = [];
    let place = from;
    for (const hunk of group) {
      lines.push(...base.slice(place, hunk.baseFrom), ...sides[name].slice(hunk.sideFrom, hunk.sideTo));
      place = hunk.baseTo;
    }
    return [...lines, ...base.slice(place, to)];
  };

  let done = 0;
  for (;;) {
    const starts = names.map((name) => hunks[name][next[name]]?.baseFrom ?? Infinity);
    const from = Math.min(...starts);
    if (from === Infinity) break;
    append(base, done, from);
    let to = from;
    const groups = { local: [] as Hunk[], remote: [] as Hunk[] };
    for (let grown = true; grown;) {
      grown = false;
      for (const name of names) {
        const hunk = hunks[name][next[name]];
        if (!hunk || hunk.baseFrom > to) continue;
        groups[name].push(hunk);
        to = Math.max(to, hunk.baseTo);
        next[name]++;
        grown = true;
      }
    }
    const local = become('local', groups.local, from, to);
    const remote = become('remote', groups.remote, from, to);
    const same = local.length === remote.length && local.every((line, index) => line === remote[index]);
    if (groups.remote.length === 0 || same) append(local, 0, local.length);
    else if (groups.local.length === 0) append(remote, 0, remote.length);
    else if (prefer === undefined) return undefined;
    else append(prefer === 'local' ? local : remote, 0, (prefer === 'local' ? local : remote).length);
    done = to;
  }
  append(base, done, base.length);
  return woven;
}
