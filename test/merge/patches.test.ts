import type { PatchStates } from '../../src/merge/patch-format.ts';
import * as fc from 'fast-check';
import { mergePatch } from 'remerge';
import { jsonPatch } from 'remerge/json-patch';
import { describe, expect, it } from 'vitest';
import { applyMergePatch, diff, equal, merge } from '../../src/merge.ts';
import { applyJsonPatch } from '../../src/merge/json-patch.ts';
import { sides } from './arbitrary.ts';

const numRuns = Number(process.env.LAWS_RUNS ?? 20_000);
const timeout = Math.max(60_000, numRuns * 2);

type Row = Readonly<Record<string, unknown>>;

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Base and remote, what the caller's patch says, and what the merge comes to. */
const rows = sides
  .filter((triple) => Object.values(triple).every(isRow))
  .map((triple) => {
    const { base, local, remote } = triple as Readonly<Record<'base' | 'local' | 'remote', Row>>;
    const merged = merge({ base, local, remote }, {}, { resolve: 'local' }).value;
    return { base, local, remote, merged, fresh: {} };
  });

/** What a column of the caller is: whole, and with all that it had. */
function columns(base: Row, local: Row): Row {
  return Object.fromEntries(Object.entries(local).filter(([name, value]) => !equal(base[name], value)));
}

function keepsAll(before: unknown, after: unknown): boolean {
  if (!isRow(before) || !isRow(after)) return true;
  return Object.keys(before).every(
    (name) => Object.hasOwn(after, name) && keepsAll(before[name], after[name]),
  );
}

function hasNull(value: unknown): boolean {
  return value === null || (typeof value === 'object' && Object.values(value).some(hasNull));
}

function patchOf(states: PatchStates, format = mergePatch()): Row | undefined {
  const patch = format.between(states);
  return patch.kind === 'patched' ? (patch.value as Row) : undefined;
}

function law(
  name: string,
  holds: (row: typeof rows extends fc.Arbitrary<infer One> ? One : never) => boolean,
) {
  it(name, { timeout }, () => {
    fc.assert(fc.property(rows, holds), { numRuns });
  });
}

describe('a recovered PATCH, by law', () => {
  for (const smallest of [false, true]) {
    const name = smallest ? 'the smallest patch' : 'a patch that says all of the caller’s again';
    law(`brings a server that follows RFC 7396 to the merged state: ${name}`, (row) => {
      const asked = diff(row.base, row.local);
      const patch = patchOf({ ...row, asked }, mergePatch({ null: 'removal', smallest }));
      return patch === undefined || equal(applyMergePatch(row.remote, patch), row.merged);
    });
  }

  law('brings a server of JSON Patches (RFC 6902) to the merged state', (row) => {
    const patch = jsonPatch().between({ ...row, asked: [] });
    const after = patch.kind === 'patched' ? applyJsonPatch(row.remote, patch.value) : patch;
    return after.kind === 'patched' && equal(after.value, row.merged);
  });

  law('brings a server that replaces the members whole to the merged state, where null is a value', (row) => {
    const asked = columns(row.base, row.local);
    if (!keepsAll(row.base, row.local) || !keepsAll(row.base, row.remote)) return true;
    const patch = patchOf({ ...row, asked }, mergePatch({ null: 'value' }));
    return patch !== undefined && equal({ ...row.remote, ...patch }, row.merged);
  });

  law('brings it there by default, too, where no null is in the way', (row) => {
    const asked = columns(row.base, row.local);
    if ([row.base, row.local, row.remote].some(hasNull)) return true;
    if (!keepsAll(row.base, row.local) || !keepsAll(row.base, row.remote)) return true;
    const patch = patchOf({ ...row, asked });
    return patch !== undefined && equal({ ...row.remote, ...patch }, row.merged);
  });

  law('brings a server that replaces the members whole to any merged state that it can have', (row) => {
    const isAble = Object.keys(row.remote).every((name) => Object.hasOwn(row.merged, name));
    return [undefined, columns(row.base, row.local)].every((asked) => {
      const patch = patchOf({ ...row, asked }, mergePatch({ null: 'value', shallow: true }));
      return patch === undefined ? !isAble : equal({ ...row.remote, ...patch }, row.merged);
    });
  });

  law('brings servers of both kinds to a whole state that the caller says', (row) => {
    const { remote, merged } = row;
    if ([remote, merged].some(hasNull)) return true;
    const patch = patchOf({ ...row, asked: undefined });
    if (patch === undefined || !equal(applyMergePatch(remote, patch), merged)) return false;
    return !keepsAll(remote, merged) || equal({ ...remote, ...patch }, merged);
  });

  law('names every member that its caller named, as deep as the caller did', (row) => {
    const asked = diff(row.base, row.local);
    const patch = asked === undefined ? undefined : patchOf({ ...row, asked });
    return patch === undefined || names(asked, patch, row.merged);
  });

  law('is the caller’s own where nobody else has changed anything', ({ base, local }) => {
    const asked = diff(base, local);
    if (asked === undefined) return true;
    return equal(patchOf({ base, remote: base, merged: local, asked, fresh: {} }), asked);
  });
});

/** Whether a patch has each member that another has: with its merged value, or removed where the merge has none. */
function names(asked: unknown, patch: unknown, merged: unknown): boolean {
  if (!isRow(asked) || !isRow(merged)) return equal(patch, merged);
  if (!isRow(patch)) return false;
  return Object.entries(asked).every(([name, said]) => {
    if (!Object.hasOwn(merged, name)) return said !== null || patch[name] === null;
    return Object.hasOwn(patch, name) && names(said, patch[name], merged[name]);
  });
}

describe('a recovered PATCH', () => {
  const base = { title: 'a', settings: { theme: 'light', lang: 'de', zoom: 1 } };
  const asked = { settings: { theme: 'dark', lang: 'de', zoom: 1 } };
  const merged = { title: 'ben', settings: { theme: 'dark', lang: 'de', zoom: 2, font: 'mono' } };
  const remote = { title: 'ben', settings: { theme: 'light', lang: 'de', zoom: 2, font: 'mono' } };
  const states = { base, remote, merged, asked, fresh: {} };

  it('says an object whole that the caller said whole, with what others have changed and added there', () => {
    expect(patchOf(states)).toEqual({ settings: merged.settings });
  });

  it('says only what differs where the server is known to follow RFC 7396', () => {
    expect(patchOf(states, mergePatch({ smallest: true }))).toEqual({ settings: { theme: 'dark' } });
  });

  it('says no more of an object than the caller did, where nobody else has changed it', () => {
    const one = { ...states, asked: { settings: { theme: 'dark' } }, remote: { ...base, title: 'ben' } };
    expect(
      patchOf({ ...one, merged: { ...base, title: 'ben', settings: { ...base.settings, theme: 'dark' } } }),
    ).toEqual({
      settings: { theme: 'dark' },
    });
  });

  it('says all of an object where the base isn’t known, as what is new in it isn’t either', () => {
    expect(patchOf({ ...states, base: undefined, asked: { settings: { theme: 'dark' } } })).toEqual({
      settings: merged.settings,
    });
  });

  it('names what the server has already: a mask in the query would remove it', () => {
    const both = { ...states, asked: { title: 'ben', ...asked } };
    expect(patchOf(both)).toMatchObject({ title: 'ben' });
  });

  it('says null where that is a value, and fails where it can’t be said', () => {
    const row = {
      base: { due: 'x' },
      remote: { due: null },
      merged: { due: null },
      asked: { due: null },
      fresh: {},
    };
    expect(patchOf(row)).toEqual({ due: null });
    expect(patchOf({ ...row, merged: {} }, mergePatch({ null: 'value' }))).toBeUndefined();
    expect(
      patchOf({ ...row, remote: { due: 'y' }, asked: {} }, mergePatch({ null: 'removal' })),
    ).toBeUndefined();
  });
});
