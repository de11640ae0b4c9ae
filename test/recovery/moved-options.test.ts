import { createClient, keepLocal, withConflictRecovery, type RecoveringInit } from 'remerge';
import { couchdb } from 'remerge/presets';
import { describe, expect, it } from 'vitest';
import { placeOf, places } from '../../src/shell/moved-options.ts';
import { clientOf } from '../support/client.ts';
import { Origin } from '../support/origin.ts';
import { put, rejectionOf, url } from '../support/write.ts';

const merge = keepLocal();
/** The options as they come from JavaScript: of any shape. */
const wrap = (options: object) => () => withConflictRecovery(fetch, options);
const client = (options: object) => () => createClient({ baseUrl: 'https://api.test/', ...options });

describe('an option of old', () => {
  const all = Object.keys(places());
  const ofKy = ['parseJson', 'stringifyJson', 'retry', 'timeout', 'totalTimeout'];

  it.each(all)('is answered by its new place, beside the routes of a wrapped fetch: %s', (name) => {
    const words = `${name}: there is no such option. Its place is ${placeOf(name, 'client') ?? ''}.`;
    expect(wrap({ [name]: {}, defaults: { merge } })).toThrow(words);
    expect(wrap({ [name]: {}, routes: { a: { merge } } })).toThrow(words);
  });

  it.each(all.filter((name) => !ofKy.includes(name)))(
    'is answered by its new place, beside the routes of a client: %s',
    (name) => {
      const place = placeOf(name, 'client') ?? '';
      expect(client({ [name]: {} })).toThrow(`${name}: there is no such option. Its place is ${place}.`);
      expect(client({ [name]: {}, routes: { a: { merge } } })).toThrow(`Its place is ${place}.`);
      expect(client({ [name]: undefined })).not.toThrow();
    },
  );

  it.each(['parseJson', 'stringifyJson', 'retry', 'timeout', 'totalTimeout'])(
    'is still one where ky has it, too: %s',
    (name) => {
      const value = name.endsWith('Json') ? JSON.parse : 1;
      expect(client({ [name]: value })).not.toThrow();
    },
  );

  it.each(all.filter((name) => places()[name] !== name))(
    'is answered by its new place within a route, and within `defaults`: %s',
    (name) => {
      const place = placeOf(name, 'route') ?? '';
      const words = `${name}: there is no such option. Its place is ${place}.`;
      for (const make of [wrap, client]) {
        expect(make({ routes: { a: { merge, [name]: {} } } })).toThrow(`routes.a.${words}`);
        expect(make({ defaults: { merge, [name]: {} } })).toThrow(`defaults.${words}`);
      }
    },
  );

  it('is answered once for each: a preset that is spread into a route', () => {
    for (const name of ['conflictStatuses', 'unwrap'].filter((name) => name in couchdb()))
      expect(wrap({ routes: { a: { merge, ...couchdb() } } })).toThrow(
        `Its place is \`server: { ${name} }\``,
      );
  });

  it.each([
    ['limit', '`recovery: { retry: { limit } }`'],
    ['onGone', '`recovery: { onConflict: { gone } }`'],
    ['merge', '`recovery: { merge }`'],
    ['totalTimeout', '`recovery: { totalTimeout }`'],
    ['idempotent', '`recovery: { merge: defineMerge(merge, { repeatable }) }`'],
  ])('is answered by its new place in the options of a call: %s → %s', async (name, place) => {
    const { note } = clientOf(new Origin({ title: 'Trip', tags: [] }));
    const base = await note.read();
    const wrong = { base, [name]: 1 };
    const words = `${name}: there is no such option. Its place is ${place}.`;
    expect(await rejectionOf(note.replace({ title: 'a', tags: [] }, wrong))).toMatchObject({
      message: expect.stringContaining(words) as string,
    });
    expect(await rejectionOf(note.update(() => undefined, wrong as object))).toMatchObject({
      message: expect.stringContaining(words) as string,
    });
  });

  it('is answered by its new place in the `recovery` of a call', async () => {
    const origin = new Origin({ n: 1 });
    const init = put({ n: 2 }, '"v1"', { recovery: { limit: 0 } } as RecoveringInit);
    const error = await rejectionOf(withConflictRecovery(origin.fetch, { defaults: { merge } })(url, init));
    expect(error).toMatchObject({
      message:
        "This write can't use its options. limit: there is no such option. Its place is `retry: { limit }`.",
    });
    expect(origin.log).toEqual([]);
  });

  it('that was none is only told to be none', () => {
    expect(wrap({ defaults: { merge }, limits: 3, toString: 1 })).toThrow(
      "withConflictRecovery can't use its options. limits: there is no such option. toString: there is no such option.",
    );
  });
});
