import type { Expected } from './store.ts';

/** A strong entity tag. To a client it is opaque: nothing but the server may read the number in it. */
export function formatEtag(version: number): string {
  return `"v${version}"`;
}

const tag = String.raw`(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"`;
const list = new RegExp(String.raw`^\s*${tag}(?:\s*,\s*${tag})*\s*$`);

/**
 * The versions that an `If-Match` allows, or `undefined` if it can't be parsed (RFC 9110 §13.1.1). The comparison is
 * strong: a weak tag matches nothing, and neither does a tag that this server never gave out.
 */
export function parseIfMatch(header: string): Expected | undefined {
  if (header.trim() === '*') return 'any';
  if (!list.test(header)) return undefined;
  return tagsOf(header).flatMap((each) => {
    const version = /^"v([1-9]\d{0,14})"$/.exec(each)?.[1];
    return version === undefined ? [] : [Number(version)];
  });
}

/** Whether an `If-None-Match` names this version. Here the comparison is weak (RFC 9110 §13.1.2). */
export function noneMatchNames(header: string, version: number): boolean {
  return (
    header.trim() === '*' || tagsOf(header).some((each) => each.replace('W/', '') === formatEtag(version))
  );
}

const tagsOf = (header: string) => header.match(new RegExp(tag, 'g')) ?? [];
