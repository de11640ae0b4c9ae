import { threeWay } from 'remerge';
import { azureLro, googleLro } from 'remerge/poll';
import { describe, expect, it } from 'vitest';
import { Origin } from '../support/origin.ts';
import { recovering } from '../support/recovering.ts';
import { put, rejectionOf, reportOf } from '../support/write.ts';

type Accepted = ReturnType<typeof azureLro>;

/** Answers in turn, and the addresses that were asked. */
function answering(accepted: Accepted, answers: readonly Response[]) {
  const asked: string[] = [];
  const left = [...answers];
  const origin = new Origin(undefined);
  const fetch: typeof globalThis.fetch = (...args) => {
    const { method, url } = new Request(...args);
    asked.push(`${method} ${new URL(url).pathname}`);
    return Promise.resolve(left.shift() ?? new Response(null, { status: 500 }));
  };
  Object.assign(origin, { fetch });
  const write = recovering(origin, { defaults: { merge: threeWay(), server: { accepted } } });
  return { asked, write };
}

const vm = 'https://management.test/subscriptions/1/vms/a';
const stored = () => Response.json({ n: 2 }, { headers: { etag: '"v2"' } });

describe('azureLro', () => {
  it('follows Azure-AsyncOperation of a 201, whatever the status of the write is', async () => {
    const { asked, write } = answering(azureLro(), [
      Response.json(
        { properties: { provisioningState: 'Creating' } },
        { status: 201, headers: { 'azure-asyncoperation': '/operations/7', 'retry-after': '1' } },
      ),
      Response.json({ status: 'InProgress' }),
      Response.json({ status: 'Succeeded' }),
      stored(),
    ]);
    expect(reportOf(await write(vm, put({ n: 2 })))).toMatchObject({ outcome: 'applied' });
    expect(asked.map((line) => line.replace('/subscriptions/1/vms/a', 'VM'))).toEqual([
      'PUT VM',
      'GET /operations/7',
      'GET /operations/7',
      'GET VM',
    ]);
  });

  it('follows the resource itself where no header names a monitor', async () => {
    const { write } = answering(azureLro(), [
      Response.json({ properties: { provisioningState: 'Updating' } }),
      Response.json({ properties: { provisioningState: 'Updating' } }),
      Response.json({ properties: { provisioningState: 'Succeeded' } }),
      stored(),
    ]);
    const response = await write(vm, put({ n: 2 }));
    expect(reportOf(response)).toMatchObject({ outcome: 'applied' });
    expect(await response.json()).toEqual({ n: 2 });
  });

  it('takes a plain success as it is', async () => {
    const { asked, write } = answering(azureLro(), [
      Response.json({ properties: { provisioningState: 'Succeeded' } }),
    ]);
    expect(reportOf(await write(vm, put({ n: 2 })))).toMatchObject({ outcome: 'applied' });
    expect(asked).toHaveLength(1);
  });

  it('tells of an operation that was cancelled', async () => {
    const { write } = answering(azureLro(), [
      new Response(null, { status: 202, headers: { location: '/operations/7' } }),
      Response.json({ status: 'Canceled', error: { code: 'Canceled' } }),
    ]);
    expect(await rejectionOf(write(vm, put({ n: 2 })))).toMatchObject({ code: 'operation-failed' });
  });
});

describe('googleLro', () => {
  const instance = 'https://redis.test/v1/projects/p/locations/l/instances/i';

  it('follows an operation that a 200 names, below the version of the API', async () => {
    const { asked, write } = answering(googleLro(), [
      Response.json({ name: 'projects/p/locations/l/operations/o', metadata: {} }),
      Response.json({ name: 'projects/p/locations/l/operations/o', metadata: {} }),
      Response.json({ name: 'projects/p/locations/l/operations/o', done: true, response: { n: 2 } }),
      stored(),
    ]);
    expect(reportOf(await write(instance, put({ n: 2 })))).toMatchObject({ outcome: 'applied' });
    expect(asked.slice(1, 3)).toEqual(Array(2).fill('GET /v1/projects/p/locations/l/operations/o'));
  });

  it('goes on with one that another process has begun, by the same words', async () => {
    const answers = [{ name: 'operations/o' }, { name: 'operations/o', done: true }];
    const operation = {
      ...{ method: 'PUT', url: instance, monitor: 'https://redis.test/v1/operations/o' },
      shows: 'result',
    } as const;
    const fetch = () => Promise.resolve(Response.json(answers.shift()));
    expect(await googleLro({ interval: 0 }).resume(operation, { fetch })).toEqual({ kind: 'succeeded' });
    expect(answers).toEqual([]);
  });

  it('asks no more where the first answer is the end', async () => {
    const { asked, write } = answering(googleLro(), [
      Response.json({ name: 'operations/o', done: true, response: { n: 2 } }),
      stored(),
    ]);
    expect(reportOf(await write(instance, put({ n: 2 })))).toMatchObject({ outcome: 'applied' });
    expect(asked).toHaveLength(2);
  });

  it.each([
    ['ABORTED', { name: 'operations/o', done: true, error: { code: 10, message: 'Concurrent change' } }],
    [
      'a 412 of Compute Engine',
      {
        kind: 'compute#operation',
        name: 'o',
        selfLink: instance,
        status: 'DONE',
        httpErrorStatusCode: 412,
        error: { errors: [{ code: 'CONDITION_NOT_MET' }] },
      },
    ],
  ])('merges after %s', async (_, failed) => {
    const { write } = answering(googleLro(), [
      Response.json(failed),
      Response.json({ n: 1, m: 5 }, { headers: { etag: '"v2"' } }),
      Response.json({ name: 'operations/o', done: true }),
      Response.json({ n: 2, m: 5 }, { headers: { etag: '"v3"' } }),
    ]);
    const response = await write(instance, { ...put({ n: 2, m: 1 }), base: { n: 1, m: 1 } });
    expect(reportOf(response)).toMatchObject({ outcome: 'merged' });
    expect(await response.json()).toEqual({ n: 2, m: 5 });
  });

  it('takes a resource for what it is', async () => {
    const { asked, write } = answering(googleLro(), [
      Response.json({ name: 'projects/p/instances/i', n: 2 }),
    ]);
    expect(reportOf(await write(instance, put({ n: 2 })))).toMatchObject({ outcome: 'applied' });
    expect(asked).toHaveLength(1);
  });
});
