import type { Version, VersionPart } from './version.ts';
import type { VersionRule } from './version-rule.ts';

/** Versions that are surely not the resource's, and look like it. */
export interface WrongVersions {
  /** Where it counts, an older one: what a stale write carries. */
  readonly older: Version;
  /** Where it counts, one that never was: a server that merges by itself may know how to take an older one. */
  readonly unknown?: Version;
}

/** Wrong versions for each part, with that part wrong and the others right: a server has to look at each. */
export function wrongVersions({ write }: VersionRule, version: Version): readonly WrongVersions[] {
  return version.map((right, wrong) => {
    const carrier = write[wrong];
    const isDate = carrier?.in === 'headers' && carrier.name === 'if-unmodified-since';
    const withPart = (part: VersionPart): Version => version.with(wrong, part);
    const older = withPart(olderPart(right, isDate));
    if (typeof right === 'bigint') return { older, unknown: withPart(right + 1_000_000n) };
    return typeof right === 'number' ? { older, unknown: withPart(right + 1_000_000) } : { older };
  });
}

function olderPart(part: VersionPart, isDate: boolean): VersionPart {
  if (typeof part === 'bigint') return part > 1n ? part - 1n : part + 1n;
  if (typeof part === 'number') {
    // Beyond these a number less one is the same number. 0 means to some that there is nothing yet.
    if (!Number.isSafeInteger(part)) return part / 2;
    return part > 1 ? part - 1 : part + 1;
  }
  const time = isDate ? Date.parse(part) : NaN;
  return Number.isNaN(time) ? wrongText(part) : new Date(time - aYear).toUTCString();
}

const aYear = 365 * 24 * 60 * 60 * 1000;

/** The same text, but for its last digit, or else its last letter: who parses it still can. */
function wrongText(text: string): string {
  // A weak tag stays weak, and what stands between the quotes is what names the state.
  const [, start = '', inside = '', end = ''] = /^((?:W\/)?"|)(.*?)("?)$/s.exec(text) ?? [];
  const at = lastOf(inside, /\d/g) ?? lastOf(inside, /[a-z]/gi);
  if (at === undefined) return `${start}${inside}x${end}`;
  return start + inside.slice(0, at) + another(inside.charAt(at)) + inside.slice(at + 1) + end;
}

function lastOf(text: string, pattern: RegExp): number | undefined {
  return [...text.matchAll(pattern)].at(-1)?.index;
}

/** Another character of the same kind, and no 0: to some that is no version, but none. */
function another(character: string): string {
  if (/\d/.test(character))
    return character > '1' ? String(Number(character) - 1) : character === '1' ? '2' : '1';
  // A letter that a hexadecimal number has, too.
  if (/[A-Z]/.test(character)) return character === 'A' ? 'B' : 'A';
  return character === 'a' ? 'b' : 'a';
}
