import { describe, expect, it } from 'vitest';
import type * as Remerge from 'remerge';
import type * as Lazy from 'remerge/lazy';
import type { RecoveryLoader } from 'remerge/lazy';
import type * as Recovery from 'remerge/recovery';
import type * as Testing from 'remerge/testing';
import { bundlers } from './bundles.ts';
import { openPage } from './page.ts';
import { startingTime } from '../support/time.ts';

type Used = Pick<typeof Remerge, 'withConflictRecovery' | 'etag' | 'recoveryOf'>;
type Late = Pick<Used, 'etag' | 'recoveryOf'> &
  Pick<typeof Lazy, 'withConflictRecovery'> & { readonly recovery: typeof Recovery };

const least = "export { withConflictRecovery, etag } from 'remerge';";
const withReport = "export { withConflictRecovery, etag, recoveryOf } from 'remerge';";

/** For each part of the package a text that stands in no other. */
const marks = {
  etag: 'if-match',
  check: 'there is no such option',
  moved: 'onStaleDelete',
  misses: 'is on no route',
  zod: 'ZodError',
  recovery: 'idempotency-key',
  loop: 'onFailedAttempt',
};

function partsIn(bundle: string): readonly string[] {
  return Object.entries(marks)
    .filter(([, mark]) => bundle.includes(mark))
    .map(([part]) => part);
}

/** What only a probe says. */
const probes = 'Nothing protects a write';

/** A server that refuses the first write, whose document moved on meanwhile. */
function contested(): { readonly log: string[]; readonly fetch: typeof fetch } {
  const log: string[] = [];
  const answer = (method: string, tag: string | null): Response => {
    if (method === 'GET') return Response.json({ a: 1, b: 2 }, { headers: { etag: '"v2"' } });
    return tag === '"v2"' ? new Response(null, { status: 204 }) : new Response(null, { status: 412 });
  };
  return {
    log,
    fetch: (_, { method = 'GET', headers, body } = {}) => {
      const tag = new Headers(headers).get('if-match');
      const response = answer(method, tag);
      const sent = typeof body === 'string' ? body : undefined;
      log.push([method, response.status, tag, sent].filter(Boolean).join(' '));
      return Promise.resolve(response);
    },
  };
}

const recovered = ['PUT 412 "v1" {"a":9}', 'GET 200', 'PUT 204 "v2" {"a":9,"b":2}'];

async function writeIn({ withConflictRecovery, etag, recoveryOf }: Used): Promise<readonly string[]> {
  const server = contested();
  const recovering = withConflictRecovery(server.fetch, {
    routes: {
      'notes/:id': {
        version: etag(),
        merge: ({ local, remote }) => ({ ...(remote as object), ...(local as object) }),
      },
    },
  });
  const response = await recovering('https://example.com/notes/1', {
    method: 'PUT',
    headers: { 'content-type': 'application/json', 'if-match': '"v1"' },
    body: '{"a":9}',
  });
  expect(recoveryOf(response)?.outcome).toBe('merged');
  return server.log;
}

describe.each(Object.entries(bundlers))('a bundle by %s', { timeout: startingTime }, (_, bundle) => {
  it('has, for production, the recovery, and neither the check of options nor zod', async () => {
    expect(partsIn(await bundle(least, 'production'))).toEqual(['etag', 'recovery', 'loop']);
  });

  it('has, for development, the check of options and zod as well', async () => {
    expect(partsIn(await bundle(least, 'development'))).toEqual(Object.keys(marks));
  });

  it('of a version alone has no recovery in it', async () => {
    expect(partsIn(await bundle("export { etag } from 'remerge';", 'production'))).toEqual(['etag']);
    expect(await bundle("export { lastModified } from 'remerge';", 'production')).toContain('last-modified');
    expect(partsIn(await bundle("export { lastModified } from 'remerge';", 'production'))).toEqual([]);
  });

  it('of one preset has nothing of another in it, and no merge', async () => {
    const one = await bundle("export { nodeRed } from 'remerge/presets';", 'production');
    const marksOf = ['version_mismatch', 'x-ms-error-code', 'remerge.strategy', 'if-match'];
    expect(marksOf.filter((mark) => one.includes(mark))).toEqual(['version_mismatch']);
    const other = await bundle("export { azureBlob, odata } from 'remerge/presets';", 'production');
    expect(marksOf.filter((mark) => other.includes(mark))).toEqual(['x-ms-error-code', 'if-match']);
    const merge = await bundle("export { threeWay } from 'remerge/merge';", 'production');
    expect(merge).toContain('remerge.strategy');
  });

  it('of a probe has no loop in it, and no other bundle has the probe', async () => {
    const probe = await bundle("export { probe } from 'remerge/probe';", 'production');
    expect(probe).toContain(probes);
    expect(partsIn(probe)).toEqual(['etag', 'recovery']);
    const all =
      "export * from 'remerge'; export * from 'remerge/presets'; export * as m from 'remerge/merge';";
    expect(await bundle(all, 'production')).not.toContain(probes);
  });

  it('of remerge/testing runs in a page, where nothing listens, and no other bundle has it', async () => {
    const script = await bundle("export * from 'remerge/testing';", 'production');
    const more = { structuredClone, MessageChannel, ReadableStream };
    const { page, look } = openPage<typeof Testing>(script, more);
    expect(look('typeof process')).toBe('undefined');
    const clock = page.createClock();
    const origin = page.createOrigin({ 'notes/1': { a: 1 } }, { clock });
    origin.next('GET', 'slow');
    expect(await (await clock.run(origin.fetch('notes/1'))).json()).toEqual({ a: 1 });
    expect(origin.log).toEqual(['GET 200 "v1"']);
    await expect(page.listen(origin)).rejects.toThrow('listen needs node:http');
    const all =
      "export * from 'remerge'; export * as p from 'remerge/presets'; export * from 'remerge/poll';";
    expect([
      script.includes('answer lost'),
      (await bundle(all, 'production')).includes('answer lost'),
    ]).toEqual([true, false]);
  });

  it('of remerge/lazy has no loop and no merge in it, and recovers once it is given them', async () => {
    const initial = "export { createClient, withConflictRecovery } from 'remerge/lazy';";
    expect(partsIn(await bundle(initial, 'production'))).not.toContain('loop');
    const late = `export { withConflictRecovery } from 'remerge/lazy';
      export { etag, recoveryOf } from 'remerge';
      export * as recovery from 'remerge/recovery';`;
    const { page } = openPage<Late>(await bundle(late, 'production'));
    const asked: string[] = [];
    const recovery: RecoveryLoader = () => {
      asked.push('recovery');
      return Promise.resolve(page.recovery);
    };
    const withConflictRecovery: Used['withConflictRecovery'] = (fetch, options) =>
      page.withConflictRecovery(fetch, { ...options, recovery });
    expect(await writeIn({ ...page, withConflictRecovery })).toEqual(recovered);
    expect(asked).toEqual(['recovery']);
  });

  it.each(['production', 'development', 'unknown'] as const)(
    'recovers a write, its mode being %s',
    async (mode) => {
      const { page, look } = openPage<Used>(await bundle(withReport, mode));
      expect(look('typeof process')).toBe('undefined');
      expect(await writeIn(page)).toEqual(recovered);
    },
  );

  it('tells of a wrong option in development, and lets it be in production', async () => {
    const wrong = { defaults: { merge: () => 1, maxBytes: -1 } };
    const use = async (mode: 'production' | 'development'): Promise<unknown> => {
      // The page has no `process`: the mode is a constant in the bundle.
      const { page } = openPage<Used>(await bundle(withReport, mode));
      return page.withConflictRecovery(fetch, wrong);
    };
    await expect(use('development')).rejects.toThrow('defaults.maxBytes: Expected bytes, 0 or more.');
    await expect(use('production')).resolves.toBeTypeOf('function');
  });
});

describe('a page without a bundler', () => {
  it.each([
    ['no process', {}],
    ['half a process', { process: {} }],
  ])('runs the very text of the package, with %s', async (_, globals) => {
    const script = await bundlers.esbuild?.(withReport, 'unknown');
    expect(script).toContain('process.env.NODE_ENV');
    const { page } = openPage<Used>(script ?? '', globals);
    expect(() => page.withConflictRecovery(fetch, { defaults: { merge: () => 1, retry: -1 } })).not.toThrow();
  });
});
