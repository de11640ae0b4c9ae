import spec from 'json-patch-test-suite/spec_tests.json' with { type: 'json' };
import tests from 'json-patch-test-suite/tests.json' with { type: 'json' };
import { describe, expect, it } from 'vitest';
import { applyJsonPatch, jsonPatch } from '../../src/merge/json-patch.ts';

interface Vector {
  readonly comment?: string;
  readonly doc: unknown;
  readonly patch: readonly unknown[];
  readonly expected?: unknown;
  readonly error?: string;
  readonly disabled?: boolean;
}

const vectors = [...tests, ...spec] as readonly Vector[];
const enabled = vectors.filter(({ disabled, doc }) => !disabled && doc !== undefined);

describe('a JSON Patch', () => {
  it('has vectors: those of the community, and the appendix of RFC 6902', () => {
    expect(enabled.length).toBeGreaterThan(90);
  });

  it.each(
    enabled.map(
      (vector, index) =>
        [`${index}: ${vector.comment ?? vector.error ?? JSON.stringify(vector.patch)}`, vector] as const,
    ),
  )('comes out as vector %s says', (_, { doc, patch, expected, error }) => {
    const before = structuredClone(doc);
    const result = applyJsonPatch(doc, patch);
    if (error !== undefined) expect(result.kind).toBe('patch-error');
    else if (expected !== undefined) expect(result).toEqual({ kind: 'patched', value: expected });
    else expect(result.kind).toBe('patched');
    expect(doc).toEqual(before);
  });

  it.each([[{}], [null], ['[]'], [[1]], [[null]], [[{ op: 'test' }]]])(
    'that is none is refused: %j',
    (patch) => {
      expect(applyJsonPatch({ a: 1 }, patch).kind).toBe('patch-error');
      expect(jsonPatch().apply(patch, { a: 1 }, { a: 2 }).kind).toBe('patch-error');
      expect(jsonPatch().apply(patch, undefined, { a: 2 }).kind).not.toBe('patched');
    },
  );

  it('that names a prototype is refused, and pollutes nothing', () => {
    for (const path of ['/__proto__/polluted', '/constructor/prototype/polluted']) {
      expect(applyJsonPatch({ a: {} }, [{ op: 'add', path, value: true }]).kind).toBe('patch-error');
    }
    expect('polluted' in {}).toBe(false);
  });
});

describe('a JSON Patch made anew for the server’s state', () => {
  const { between, apply, asserted } = jsonPatch();

  it('keeps a test that still holds, and brings the one of the version up to date', () => {
    const asked = [
      { op: 'test', path: '/version', value: 1 },
      { op: 'test', path: '/state', value: 'open' },
      { op: 'replace', path: '/title', value: 'b' },
    ];
    const remote = { version: 2, state: 'open', title: 'a', tags: ['x'] };
    expect(
      between({ base: undefined, remote, merged: { ...remote, title: 'b' }, asked, fresh: { version: 2 } }),
    ).toEqual({
      kind: 'patched',
      value: [
        { op: 'test', path: '/version', value: 2 },
        { op: 'test', path: '/state', value: 'open' },
        { op: 'replace', path: '/title', value: 'b' },
      ],
    });
    expect(asserted(asked)).toEqual({ version: 1, state: 'open' });
  });

  it('is not made where the server’s state fails a test', () => {
    const asked = [{ op: 'test', path: '/state', value: 'open' }];
    expect(
      between({
        base: undefined,
        remote: { state: 'closed' },
        merged: { state: 'closed', a: 1 },
        asked,
        fresh: {},
      }),
    ).toEqual({
      kind: 'patch-error',
      at: '/state',
    });
  });

  it('knows a base of null from none', () => {
    const asked = [{ op: 'replace', path: '', value: [1] }];
    expect(apply([{ op: 'add', path: '/0', value: 1 }], null, [])).toEqual({
      kind: 'patch-error',
      at: '/0',
    });
    expect(apply(asked, null, { a: 1 })).toEqual({ kind: 'patched', value: [1] });
  });

  it('is never the caller’s own, where that goes by position', () => {
    const asked = [{ op: 'replace', path: '/items/0/done', value: true }];
    expect(apply(asked, undefined, { items: [{ done: false }] })).toEqual({ kind: 'base-unknown' });
    expect(apply(asked, { items: [{ id: 1, done: false }] }, { items: [] })).toEqual({
      kind: 'patched',
      value: { items: [{ id: 1, done: true }] },
    });
  });
});
