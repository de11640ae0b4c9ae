import {
  field,
  giveUp,
  idempotencyKey,
  threeWay,
  type RecoveringInit,
  type RouteOptions,
  type Schema,
  type StopCode,
} from 'remerge';
import { poll } from 'remerge/poll';
import { jsonPatch } from 'remerge/json-patch';
import type { Origin } from '../support/origin.ts';
import { answers, fails, hangs, json, leaking, note, shows } from './leaks.ts';
import { nested } from './streams.ts';

/** A way for a write to end, with secrets wherever there is room for one. */
export interface Scene {
  /** What the server does, which has `{ n: … }` as `"v2"` and refuses `"v1"`. */
  readonly serve?: (origin: Origin, plant: () => string) => unknown;
  readonly options?: (
    plant: () => string,
  ) => RouteOptions & { readonly budget?: { readonly tokens: number } };
  /** What is sent besides a PUT of `{ n: … }` under `"v1"`. */
  readonly init?: (plant: () => string) => RecoveringInit;
  /** Whether what reaches the caller is an error of the caller's own: with a wrapped fetch, with a client, or with both. */
  readonly own?: 'fetch' | 'both';
}

/** A schema whose messages quote what they don't like. */
export const quoting = (allows: (n: unknown) => boolean): Schema => ({
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) => {
      const { n } = value as { readonly n?: unknown };
      return allows(n) ? {} : { issues: [{ path: ['n'], message: `${String(n)} is not allowed` }] };
    },
  },
});

const patch = (
  body: string,
  type: string,
  version: Record<string, string> = { 'if-match': '"v1"' },
): RecoveringInit => ({
  method: 'PATCH',
  body,
  headers: { 'content-type': type, ...version },
});

/** A way to each code, at least. */
export const scenes = {
  'not-a-conflict': [{ serve: answers(403) }, { serve: answers(400) }],
  'no-version': [{ serve: answers(412), init: () => ({ headers: { ...json, 'if-match': '*' } }) }],
  'unknown-precondition': [{ options: () => ({ version: field('/rev') }) }],
  exists: [{ init: () => ({ headers: { 'if-none-match': '*' } }) }],
  redirect: [
    { serve: shows(307, note, { location: 'https://evil.test/?x' }) },
    { serve: (origin, plant) => [answers(412)(origin, plant), answers(308)(origin, plant)] },
  ],
  'unrepeatable-body': [
    { init: (plant) => ({ body: new Blob([plant()]).stream(), duplex: 'half' }) as RecoveringInit },
  ],
  'no-progress': [
    {
      serve: (origin, plant) => [answers(409)(origin, plant)],
      init: () => ({ headers: { ...json, 'if-match': '"v2"' } }),
    },
  ],
  'retry-limit': [{ options: () => ({ retry: 0 }) }, { serve: answers(409), options: () => ({ retry: 0 }) }],
  timeout: [
    {
      serve: (origin) => origin.once('PUT', hangs),
      options: () => ({ totalTimeout: 1000 }),
    },
    {
      serve: (origin) => origin.once('GET', hangs),
      options: () => ({ totalTimeout: 1000 }),
    },
  ],
  'merge-conflict': [
    { options: () => ({ merge: threeWay() }), init: (plant) => ({ base: { n: plant() } }) },
    {
      options: () => ({
        merge: threeWay(),
        onConflict: { edited: ({ merged }) => giveUp('Ask', { merged }) },
      }),
      init: (plant) => ({ base: { n: plant() } }),
    },
  ],
  gone: [{ serve: shows(404, note) }],
  unauthorized: [{ serve: shows(401, note) }, { serve: shows(403, note) }],
  'read-error': [
    { serve: fails('GET') },
    { serve: (origin, plant) => Array.from({ length: 9 }, () => shows(500, note)(origin, plant)) },
    { serve: shows(304, note) },
  ],
  'content-type': [{ serve: shows(200, note, { ...json, 'content-type': 'text/html' }) }],
  'malformed-body': [{ serve: shows(200, (plant) => `{"n":${plant()}`) }],
  'too-large': [
    { serve: shows(200, (plant) => `"${plant().repeat(99)}"`), options: () => ({ maxBytes: 300 }) },
  ],
  'version-missing': [{ serve: shows(200, note, { 'content-type': 'application/json' }) }],
  'version-hidden': [
    {
      serve: (origin, plant) =>
        origin.once('GET', () => {
          const shown = Response.json({ n: plant() }, { headers: leaking(plant) });
          return Object.defineProperty(shown, 'type', { value: 'cors' });
        }),
    },
  ],
  'version-weak': [{ serve: shows(200, note, { ...json, etag: 'W/"v2"' }) }],
  'version-malformed': [{ serve: shows(200, note, { ...json, etag: 'v2' }) }],
  'remote-invalid': [{ options: () => ({ schema: quoting(() => false) }) }],
  'merged-invalid': [
    { options: (plant) => ({ schema: quoting((n) => n !== 7), merge: () => ({ n: 7, m: plant() }) }) },
  ],
  changed: [{ init: () => ({ method: 'DELETE', body: null }) }],
  'unknown-patch': [
    {
      serve: answers(412, 'PATCH'),
      init: (plant) => patch(plant(), 'application/x-patch+json'),
      options: () => ({ merge: threeWay() }),
    },
  ],
  'base-unknown': [
    {
      serve: (origin) => origin.remove(),
      init: (plant) => patch(note(plant), 'application/merge-patch+json'),
      options: () => ({ onConflict: { gone: 'recreate' } }),
    },
  ],
  'patch-error': [
    {
      serve: answers(412, 'PATCH'),
      init: (plant) => ({
        ...patch(JSON.stringify([{ op: 'test', path: '/n', value: plant() }]), 'application/json-patch+json'),
        base: { n: plant() },
      }),
      options: () => ({ server: { patches: [jsonPatch()] } }),
    },
  ],
  'merge-error': [
    { options: () => ({ merge: () => undefined }) },
    {
      options: () => ({ merge: ({ remote }) => JSON.parse(`{${JSON.stringify(remote)}`) as unknown }),
      own: 'both',
    },
  ],
  abort: [
    {
      init: (plant) => ({ signal: AbortSignal.abort(new Error(plant())) }),
      own: 'both',
    },
  ],
  'network-error': [{ serve: fails('PUT', 'ECONNREFUSED'), own: 'fetch' }],
  'outcome-unknown': [
    { serve: (origin, plant) => [fails('PUT')(origin, plant), fails('GET')(origin, plant)] },
    {
      serve: (origin, plant) => fails('PUT')(origin, plant),
      options: () => ({ merge: ({ local }) => local }),
    },
    {
      serve: (origin, plant) => answers(504)(origin, plant),
      options: () => ({ merge: ({ local }) => local }),
    },
  ],
  'retry-budget': [{ options: () => ({ budget: { tokens: 0 } }) }],
  'key-reuse': [
    {
      serve: (origin, plant) =>
        origin.once('PUT', () =>
          Response.json({ title: `Idempotency-Key ${plant()}` }, { status: 422, headers: leaking(plant) }),
        ),
      options: () => ({ writeId: idempotencyKey() }),
    },
  ],
  'operation-failed': [
    {
      serve: (origin, plant) =>
        origin
          .once(
            'PUT',
            () => new Response(null, { status: 202, headers: { location: `/jobs?sig=${plant()}` } }),
          )
          .once('GET', () =>
            Response.json(
              { status: 'Failed', error: { code: 'Quota', message: plant() } },
              { headers: leaking(plant) },
            ),
          ),
      options: () => ({ server: { accepted: poll({ interval: 0 }) } }),
    },
  ],
  'too-deep': [{ serve: shows(200, () => nested(2000)) }],
  // Of `recovery-unavailable` the tests of `remerge/lazy` tell.
} satisfies Record<Exclude<StopCode, 'recovery-unavailable'>, readonly Scene[]>;
