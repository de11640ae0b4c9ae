import type { Version, VersionPart } from './version.ts';
import type { VersionRule } from './version-rule.ts';

/** Versions that are surely not the resource's, but look like one. */
export interface WrongVersions {
  /**
   * An older version for versions that count: the one that a stale write carries. For other versions, a version that
   * never existed.
   */
  readonly older: Version;
  /**
   * A version that never existed, for versions that count: a server that merges by itself may be able to take an older
   * one.
   */
  readonly unknown?: Version;
}

/** Makes wrong versions for each part, with that part wrong and the others right: a server has to check each part. */
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
    // Past the safe integers, a number less one may be the same number. 0 isn't used, because to some servers it means
    // that there is no resource yet.
    if (!Number.isSafeInteger(part)) return part / 2;
    return part > 1 ? part - 1 : part + 1;
  }
  const time = isDate ? Date.parse(part) : NaN;
  return Number.isNaN(time) ? wrongText(part) : new Date(time - aYear).toUTCString();
}

const aYear = 365 * 24 * 60 * 60 * 1000;

/**
 * The text with its last digit changed, or without digits its last letter, so that a server can still parse the text.
 */
function wrongText(text: string): string {
  // A weak tag stays weak. The text between the quotes names the state.
  const [, start = '', inside = '', end = ''] = /^((?:W\/)?"|)(.*?)("?)$/s.exec(text) ?? [];
  const at = lastOf(inside, /\d/g) ?? lastOf(inside, /[a-z]/gi);
  if (at === undefined) return `${start}${inside}x${end}`;
  return start + inside.slice(0, at) + another(inside.charAt(at)) + inside.slice(at + 1) + end;
}

function lastOf(text: string, pattern: RegExp): number | undefined {
  return [...text.matchAll(pattern)].at(-1)?.index;
}

/** Another character of the same kind. 0 isn't used, because some servers take it for no version. */
function another(character: string): string {
  if (/\d/.test(character))
    return character > '1' ? String(Number(character) - 1) : character === '1' ? '2' : '1';
  // A letter that a hexadecimal number may have, too.
  if (/[A-Z]/.test(character)) return character === 'A' ? 'B' : 'A';
  return character === 'a' ? 'b' : 'a';
}
