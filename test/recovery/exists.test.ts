import {
  field,
  header,
  query,
  set,
  threeWay,
  withConflictRecovery,
  type MergeContext,
  type RecoveringInit,
  type RecoveryOptions,
} from 'remerge';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { recovering } from '../support/recovering.ts';
import { rejectionOf, reportOf, url } from '../support/write.ts';

const collection = 'https://api.test/notes';
const json = { 'content-type': 'application/json' };
const ours = { slug: '42', tags: ['ours'] };
const theirs = { slug: '42', tags: ['theirs'] };
const union = threeWay<unknown>({ '/tags': set() });

/** A write that is to make something new. */
function create(value: unknown, more: RecoveringInit = {}): RecoveringInit {
  const headers = { ...json, 'if-none-match': '*', ...(more.headers as Record<string, string>) };
  return { method: 'PUT', body: JSON.stringify(value), ...more, headers };
}

const post = (value: unknown, headers: Record<string, string> = {}): RecoveringInit => ({
  method: 'POST',
  body: JSON.stringify(value),
  headers: { ...json, ...headers },
});

const locate = ({ value }: { value: unknown }): string => `/notes/${(value as typeof ours).slug}`;

/** A server on which the resource exists, and that says so to a POST. */
function taken(refusal = () => Response.json({ id: 42 }, { status: 409 })): Origin {
  return new Origin(theirs).once('POST', refusal);
}

describe('a create by PUT', () => {
  it('makes what is not there, whatever becomes of what exists', async () => {
    const origin = new Origin(undefined);
    const response = await recovering(origin, { defaults: { onConflict: { exists: 'merge' } } })(
      url,
      create(ours),
    );
    expect(origin.log).toEqual(['PUT 201 *']);
    expect(response.status).toBe(201);
    expect(reportOf(response)).toMatchObject({ outcome: 'applied' });
    expect(origin.value).toEqual(ours);
  });

  it('of what exists fails by default, with the server’s own answer and without a read', async () => {
    const origin = new Origin(theirs);
    const response = await recovering(origin)(url, create(ours));
    expect(origin.log).toEqual(['PUT 412 *']);
    expect(await response.text()).toBe('It exists already');
    expect(reportOf(response)).toMatchObject({ outcome: 'failed', code: 'exists', maybeApplied: false });
    expect(origin.value).toEqual(theirs);
  });

  it.each([412, 409])('is told by %i that it exists', async (status) => {
    const origin = new Origin(theirs).once('PUT', () => new Response('There is one', { status }));
    const response = await recovering(origin, { defaults: { onConflict: { exists: 'fail' } } })(
      url,
      create(ours),
    );
    expect(response.status).toBe(status);
    expect(reportOf(response)).toMatchObject({ code: 'exists' });
    expect(origin.requests).toHaveLength(1);
  });

  it('adopts what exists: its state is the answer, and nothing is written', async () => {
    const origin = new Origin(theirs);
    const response = await recovering(origin, { defaults: { onConflict: { exists: 'adopt' } } })(
      url,
      create(ours),
    );
    expect(origin.log).toEqual(['PUT 412 *', 'GET 200 "v1"']);
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).toBe('"v1"');
    expect(await response.json()).toEqual(theirs);
    expect(reportOf(response)).toMatchObject({ outcome: 'unchanged', version: '"v1"' });
  });

  it('is merged onto what exists without a base, and goes out under the version that exists', async () => {
    const origin = new Origin(theirs);
    const seen: unknown[] = [];
    const merge = ({ base, local, remote, reason, attempt }: MergeContext) => {
      seen.push({ base, local, remote, reason, attempt });
      return union;
    };
    const response = await recovering(origin, { defaults: { merge, onConflict: { exists: 'merge' } } })(
      url,
      create(ours),
    );
    expect(origin.log).toEqual(['PUT 412 *', 'GET 200 "v1"', 'PUT 204 "v1"']);
    expect(origin.requests.at(-1)?.headers.get('if-none-match')).toBeNull();
    expect(origin.value).toEqual({ slug: '42', tags: ['theirs', 'ours'] });
    expect(reportOf(response)).toMatchObject({ outcome: 'merged' });
    expect(seen).toEqual([{ base: undefined, local: ours, remote: theirs, reason: 'exists', attempt: 2 }]);
  });

  it('knows no base, not even one that was given or that is remembered under its first version', async () => {
    const origin = new Origin({ ...theirs, version: 1 });
    const bases: unknown[] = [];
    const merge = ({ base }: MergeContext) => {
      bases.push(base);
      return union;
    };
    const write = recovering(origin, {
      defaults: { merge, version: field('/version'), onConflict: { exists: 'merge' } },
    });
    await (await write(url, { method: 'GET' })).json();
    origin.once('PUT', () => new Response('There is one', { status: 409 }));
    origin.once('PUT', () => new Response(null, { status: 200 }));
    await write(url, create({ ...ours, version: 1 }, { base: { tags: [] } }));
    expect(bases).toEqual([undefined]);
  });

  it('that meets yet another conflict recovers as any write does', async () => {
    const origin = new Origin(theirs);
    const seen: unknown[] = [];
    origin.once('PUT', () => undefined).overtake({ slug: '42', tags: ['theirs', 'more'] });
    const merge = ({ base, reason }: MergeContext) => {
      seen.push([base, reason]);
      return union;
    };
    const response = await recovering(origin, { defaults: { merge, onConflict: { exists: 'merge' } } })(
      url,
      create(ours),
    );
    expect(origin.log).toEqual(['PUT 412 *', 'GET 200 "v1"', 'PUT 412 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
    expect(seen).toEqual([
      [undefined, 'exists'],
      [undefined, 'stale'],
    ]);
    expect(origin.value).toEqual({ slug: '42', tags: ['theirs', 'more', 'ours'] });
    expect(reportOf(response)).toMatchObject({ outcome: 'merged' });
  });

  it('takes what exists from the refusal, where the route finds it there', async () => {
    const origin = new Origin(theirs);
    const headers = { etag: origin.tag };
    origin.once('PUT', () => Response.json({ current: theirs }, { status: 409, headers }));
    const classify = (_: Response, body: unknown) => ({ state: (body as { current: unknown }).current });
    const write = recovering(origin, {
      defaults: { merge: union, onConflict: { exists: 'merge' }, server: { classify } },
    });
    await write(url, create(ours));
    expect(origin.log).toEqual(['PUT 409 *', 'PUT 204 "v1"']);
    expect(origin.value).toEqual({ slug: '42', tags: ['theirs', 'ours'] });
  });

  it.each(['adopt', 'merge'] as const)('never %ss what breaks the schema', async (onExists) => {
    const schema = z.object({ slug: z.string(), tags: z.array(z.string()) });
    const origin = new Origin({ tags: 'none' });
    const response = await recovering(origin, { defaults: { schema, onConflict: { exists: onExists } } })(
      url,
      create(ours),
    );
    expect(response.status).toBe(412);
    expect(reportOf(response)).toMatchObject({ code: 'remote-invalid', reason: 'At /slug, /tags.' });
  });

  it('that comes to what exists writes nothing', async () => {
    const origin = new Origin(theirs);
    const response = await recovering(origin, {
      defaults: { merge: union, onConflict: { exists: 'merge' } },
    })(url, create(theirs));
    expect(origin.log).toEqual(['PUT 412 *', 'GET 200 "v1"']);
    expect(reportOf(response)).toMatchObject({ outcome: 'unchanged' });
  });

  it('whose merge gives up stops with the server’s own answer', async () => {
    const origin = new Origin(theirs);
    const write = recovering(origin, { defaults: { merge: threeWay(), onConflict: { exists: 'merge' } } });
    const response = await write(url, create(ours));
    expect(response.status).toBe(412);
    expect(reportOf(response)).toMatchObject({ outcome: 'failed', code: 'merge-conflict' });
    expect(origin.value).toEqual(theirs);
  });

  it('is redeemed by no read that shows nothing: who refuses has another reason', async () => {
    for (const status of [409, 412]) {
      const origin = new Origin(undefined).once('PUT', () => new Response('No', { status }));
      const write = recovering(origin, { defaults: { onConflict: { exists: 'merge', gone: 'recreate' } } });
      const response = await write(url, create(ours));
      expect(origin.log).toEqual([`PUT ${String(status)} *`, 'GET 404', 'GET 404']);
      expect(response.status).toBe(status);
      const likely = status === 409 ? 'business-rule' : 'stale-replica';
      expect(reportOf(response)).toMatchObject({ code: 'no-progress', likely });
    }
  });

  it('is merged where only a replica did not know of it yet', async () => {
    const origin = new Origin(theirs).once('GET', () => new Response('Not here', { status: 404 }));
    await recovering(origin, { defaults: { merge: union, onConflict: { exists: 'merge' } } })(
      url,
      create(ours),
    );
    expect(origin.log).toEqual(['PUT 412 *', 'GET 404', 'GET 200 "v1"', 'PUT 204 "v1"']);
  });

  it('that finds no collection is told so by the server alone', async () => {
    const origin = new Origin(undefined).once('PUT', () => new Response('No such place', { status: 404 }));
    const write = recovering(origin, { defaults: { onConflict: { exists: 'merge', gone: 'recreate' } } });
    const response = await write(url, create(ours));
    expect(origin.log).toEqual(['PUT 404 *']);
    expect(reportOf(response)).toMatchObject({ code: 'not-a-conflict' });
  });
});

describe('a function that says what becomes of what exists', () => {
  const choices = ['fail', 'adopt', 'merge'] as const;
  const outcomes = { fail: 'failed', adopt: 'unchanged', merge: 'merged' };

  it.each(choices)('gets both states and picks %s, at once or later', async (choice) => {
    for (const answer of [() => choice, () => Promise.resolve(choice)]) {
      const origin = new Origin(theirs);
      const seen: unknown[] = [];
      const onExists = (states: { local: unknown; remote: unknown }) => {
        seen.push(structuredClone(states));
        // What it does to its copies is nobody else's business.
        Object.assign(states.local as object, { scribble: true });
        Object.assign(states.remote as object, { scribble: true });
        return answer();
      };
      const response = await recovering(origin, {
        defaults: { merge: union, onConflict: { exists: onExists } },
      })(url, create(ours));
      expect(seen).toStrictEqual([{ local: ours, remote: theirs }]);
      expect(reportOf(response)).toMatchObject({ outcome: outcomes[choice] });
      if (choice === 'fail') expect(reportOf(response)).toMatchObject({ code: 'exists' });
      if (choice === 'adopt') expect(await response.json()).toEqual(theirs);
      const tags = choice === 'merge' ? ['theirs', 'ours'] : ['theirs'];
      expect(origin.value).toEqual({ slug: '42', tags });
    }
  });

  it('reaches the caller with what it throws, and nothing is written', async () => {
    const origin = new Origin(theirs);
    const own = new Error('mine');
    const onExists = () => Promise.reject(own);
    expect(
      await rejectionOf(
        recovering(origin, { defaults: { onConflict: { exists: onExists } } })(url, create(ours)),
      ),
    ).toBe(own);
    expect(origin.value).toEqual(theirs);
  });

  it('may take as long as a person takes', async () => {
    const origin = new Origin(theirs);
    const clock = new VirtualClock();
    const onExists = async () => {
      await new Promise<void>((resolve) => clock.after(3_600_000, resolve));
      return 'merge' as const;
    };
    const fetch = withConflictRecovery(origin.fetch, {
      clock,
      defaults: { merge: union, onConflict: { exists: onExists } },
    });
    expect(reportOf(await clock.run(fetch(url, create(ours))))).toMatchObject({ outcome: 'merged' });
    expect(clock.timers).toBe(0);
  });
});

describe('the version of what exists', () => {
  /** The write that is made under it. */
  async function underExisting(options: RecoveryOptions<Record<string, unknown>>, remote: unknown) {
    const origin = new Origin(remote).once('PUT', () => new Response('There is one', { status: 409 }));
    origin.once('PUT', () => new Response(null, { status: 200 }));
    const response = await recovering(origin, {
      ...options,
      defaults: { merge: union, ...options.defaults, onConflict: { exists: 'merge' } },
    })(`${url}?lang=en`, create({ ...ours, version: 1 }));
    expect(reportOf(response)).toMatchObject({ outcome: 'merged' });
    const sent = origin.requests.at(-1);
    expect(sent?.headers.get('if-none-match')).toBeNull();
    return { sent, body: (await sent?.json()) as unknown };
  }

  it('goes into the header that the route names', async () => {
    const origin = new Origin(theirs).once('PUT', () => new Response('There is one', { status: 409 }));
    const read = () => Response.json(theirs, { headers: { 'x-version': '7' } });
    origin.once('GET', read).once('PUT', () => new Response(null, { status: 200 }));
    const write = recovering(origin, {
      defaults: { merge: union, version: header('X-Version'), onConflict: { exists: 'merge' } },
    });
    await write(url, create(ours));
    expect(origin.requests.at(-1)?.headers.get('x-version')).toBe('7');
  });

  it('goes into the body, where the one that the caller thought of is no conflict', async () => {
    const { body } = await underExisting(
      { defaults: { version: field('/version') } },
      { ...theirs, version: 7 },
    );
    expect(body).toEqual({ slug: '42', tags: ['theirs', 'ours'], version: 7 });
  });

  it('may be the very one that the caller thought of: it was no version that was refused', async () => {
    const { body } = await underExisting(
      { defaults: { version: field('/version') } },
      { ...theirs, version: 1 },
    );
    expect(body).toEqual({ slug: '42', tags: ['theirs', 'ours'], version: 1 });
  });

  it('goes into the query, beside what stands there', async () => {
    const version = { read: field('/version'), write: [field('/version'), query('rev')] };
    const { sent } = await underExisting({ defaults: { version } }, { ...theirs, version: 7 });
    expect(sent?.url).toBe(`${url}?lang=en&rev=7`);
  });
});

describe('a create by POST', () => {
  const methods = ['POST'];

  it('of what exists fails by default, and the route is not even asked where it is', async () => {
    const origin = taken();
    let asked = 0;
    const where = () => String((asked += 1));
    const response = await recovering(origin, { defaults: { methods, server: { create: { find: where } } } })(
      collection,
      post(ours),
    );
    expect(origin.log).toEqual(['POST 409']);
    expect(asked).toBe(0);
    expect(await response.json()).toEqual({ id: 42 });
    expect(reportOf(response)).toMatchObject({ outcome: 'failed', code: 'exists' });
  });

  it.each(['adopt', 'merge'] as const)(
    'that is to %s stops where the route does not say where it is',
    async (onExists) => {
      const headers = { location: '/notes/42', 'content-location': '/notes/42' };
      const refusal = () => Response.json({ url, href: url }, { status: 409, headers });
      for (const create of [{ method: 'POST' as const }, { find: () => undefined }]) {
        const origin = taken(refusal);
        const response = await recovering(origin, {
          defaults: { methods, onConflict: { exists: onExists }, server: { create } },
        })(collection, post(ours));
        expect(origin.log).toEqual(['POST 409']);
        expect(response.status).toBe(409);
        expect(reportOf(response)).toMatchObject({ outcome: 'failed', code: 'exists' });
      }
    },
  );

  it('adopts the one that the route locates', async () => {
    const origin = taken();
    const write = recovering(origin, {
      defaults: { methods, onConflict: { exists: 'adopt' }, server: { create: { find: locate } } },
    });
    const response = await write(collection, post(ours));
    expect(origin.requests.map((request) => `${request.method} ${request.url}`)).toEqual([
      `POST ${collection}`,
      `GET ${url}`,
    ]);
    expect(reportOf(response)).toMatchObject({ outcome: 'unchanged', method: 'POST' });
    expect(await response.json()).toEqual(theirs);
  });

  it('is merged onto the one that the route locates, by PUT under its version', async () => {
    const origin = taken();
    const reasons: unknown[] = [];
    const merge = ({ base, reason }: MergeContext) => {
      reasons.push([base, reason]);
      return union;
    };
    origin.overtake({ slug: '42', tags: ['theirs', 'more'] });
    const write = recovering(origin, {
      defaults: { merge, methods, onConflict: { exists: 'merge' }, server: { create: { find: locate } } },
    });
    const response = await write(collection, post(ours));
    expect(origin.log).toEqual(['POST 409', 'GET 200 "v1"', 'PUT 412 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
    expect(new Set(origin.requests.slice(1).map((request) => request.url))).toEqual(new Set([url]));
    expect(origin.value).toEqual({ slug: '42', tags: ['theirs', 'more', 'ours'] });
    expect(reasons).toEqual([
      [undefined, 'exists'],
      [undefined, 'stale'],
    ]);
    expect(reportOf(response)).toMatchObject({ outcome: 'merged', method: 'POST' });
  });

  it('asks the route with a copy of the value, its own address, and what the refusal says', async () => {
    const origin = taken();
    const seen: unknown[] = [];
    const where = (created: { value: unknown; url: URL; body: unknown }): string => {
      seen.push(structuredClone({ ...created, url: created.url.href }));
      Object.assign(created.value as object, { scribble: true });
      created.url.pathname = '/else/where';
      return `notes/${String((created.body as { id: number }).id)}`;
    };
    const write = recovering(origin, {
      defaults: { methods, onConflict: { exists: 'merge' }, server: { create: { find: where } } },
    });
    await write(collection, post(ours));
    expect(seen).toEqual([{ value: ours, url: collection, body: { id: 42 } }]);
    expect(origin.requests.at(-1)?.url).toBe(url);
    expect(origin.value).toEqual(ours);
  });

  it('takes another idempotency key along, as it is another request', async () => {
    const origin = taken();
    const write = recovering(origin, {
      defaults: { methods, onConflict: { exists: 'merge' }, server: { create: { find: locate } } },
    });
    await write(collection, post(ours, { 'idempotency-key': 'mine' }));
    expect(origin.value).toEqual(ours);
    expect(origin.requests.at(-1)?.headers.get('idempotency-key')).toBe('id-1');
  });

  it('goes to no other origin, whoever names it', async () => {
    const evil = 'https://evil.test/notes/42';
    const readFrom = (): string => url;
    const classify = () => ({ state: theirs });
    for (const more of [{}, { readFrom }, { classify }]) {
      const headers = { etag: '"v1"' };
      const origin = taken(() => Response.json({ url: evil }, { status: 409, headers }));
      const where = ({ body }: { body: unknown }): string => (body as { url: string }).url;
      const write = recovering(origin, {
        defaults: { methods, onConflict: { exists: 'merge' }, server: { ...more, create: { find: where } } },
      });
      const response = await write(collection, post(ours));
      expect(origin.log).toEqual(['POST 409']);
      expect(response.status).toBe(409);
      expect(reportOf(response)).toMatchObject({ outcome: 'failed', code: 'redirect' });
    }
  });

  it('that breaks a business rule stops where nothing is located, and nothing is written', async () => {
    const rules = ['The quota is used up', 'A note of that name already exists'];
    for (const [index, rule] of rules.entries()) {
      const origin = new Origin(undefined).once('POST', () => new Response(rule, { status: 409 }));
      const write = recovering(origin, {
        defaults: {
          methods,
          onConflict: { exists: 'merge', gone: 'recreate' },
          server: { create: { find: locate } },
        },
      });
      const response = await write(collection, post(ours));
      expect(origin.log).toEqual(['POST 409', 'GET 404', 'GET 404']);
      expect(await response.text()).toBe(rule);
      const likely = ['business-rule', 'duplicate'][index];
      expect(reportOf(response)).toMatchObject({ outcome: 'failed', code: 'no-progress', likely });
    }
  });

  it('finds its own way where the body of the resource carries the version', async () => {
    const origin = taken().once('PUT', () => new Response(null, { status: 200 }));
    origin.change({ ...theirs, version: 3 });
    const version = { read: field('/version'), write: [field('/version'), query('rev')] };
    const write = recovering(origin, {
      defaults: {
        merge: union,
        methods,
        version,
        onConflict: { exists: 'merge' },
        server: { create: { find: locate } },
      },
    });
    const response = await write(collection, post({ ...ours, version: 0 }));
    expect(reportOf(response)).toMatchObject({ outcome: 'merged' });
    expect(origin.requests.at(-1)?.url).toBe(`${url}?rev=3`);
    expect(await origin.requests.at(-1)?.json()).toEqual({
      slug: '42',
      tags: ['theirs', 'ours'],
      version: 3,
    });
  });

  it('is none where it names the version that it changes', async () => {
    const origin = new Origin(theirs).once('POST', () => new Response('stale', { status: 412 }));
    origin.change({ ...theirs, more: 1 });
    const write = recovering(origin, {
      defaults: { methods, onConflict: { exists: 'merge' }, server: { create: { find: locate } } },
    });
    const response = await write(url, post(ours, { 'if-match': '"v1"' }));
    expect(origin.log).toEqual(['POST 412 "v1"', 'GET 200 "v2"', 'POST 204 "v2"']);
    expect(reportOf(response)).toMatchObject({ outcome: 'merged' });
  });

  it('says no part of a body that can’t be read', async () => {
    const origin = taken();
    const write = recovering(origin, {
      defaults: { methods, onConflict: { exists: 'merge' }, server: { create: { find: locate } } },
    });
    const response = await write(collection, { method: 'POST', body: 'secret', headers: json });
    expect(origin.log).toEqual(['POST 409']);
    expect(reportOf(response)).toMatchObject({ outcome: 'failed', code: 'content-type' });
    expect(JSON.stringify(reportOf(response))).not.toContain('secret');
  });

  it('is as before on a route that says nothing of creating', async () => {
    const origin = taken();
    const response = await recovering(origin, { defaults: { methods, onConflict: { exists: 'merge' } } })(
      collection,
      post(ours),
    );
    expect(origin.log).toEqual(['POST 409']);
    expect(reportOf(response)).toMatchObject({ code: 'no-version' });
  });
});
