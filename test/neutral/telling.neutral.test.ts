import {
  isRecoveryError,
  recoveryOf,
  threeWay,
  withConflictRecovery,
  type RecoveryEvent,
  type RecoveryOptions,
} from 'remerge';
import { describe, expect, it } from 'vitest';
import { rejectionOf } from '../support/write.ts';
import { HandClock } from './hand-clock.ts';
import { atOnce, put, type Note } from './note.ts';
import { openScene } from './scene.ts';

const plan: Note = { title: 'Plan', body: 'Milk' };
const ours: Note = { title: 'Food', body: 'Milk' };
const theirs: Note = { title: 'Plan', body: 'Eggs' };

const recovering = (more: RecoveryOptions<Record<string, unknown>> = {}) =>
  withConflictRecovery(fetch, { ...atOnce, ...more, defaults: { merge: threeWay(), ...more.defaults } });

describe('a listener', () => {
  it('hears what happens in order, without body, query or credential', async () => {
    const scene = await openScene(plan);
    await scene.store(theirs);
    const events: RecoveryEvent[] = [];
    const onEvent = (event: RecoveryEvent): void => void events.push(event);
    await recovering({ onEvent })(`${scene.url}?token=hidden`, put(ours, '"v1"', { base: plan }));
    expect(events.map(({ kind, attempt }) => `${attempt} ${kind}`)).toEqual([
      '1 write',
      '1 conflict',
      '2 read',
      '2 merge',
      '2 write',
      '2 end',
    ]);
    expect(events.every(({ url, method }) => url === scene.url && method === 'PUT')).toBe(true);
    expect(JSON.stringify(events)).not.toMatch(/hidden|Food|Eggs/);
  });

  it('changes nothing by throwing', async () => {
    const scene = await openScene(plan);
    await scene.store(theirs);
    const onEvent = (): never => {
      throw new Error('mine');
    };
    expect((await recovering({ onEvent })(scene.url, put(ours, '"v1"', { base: plan }))).status).toBe(204);
  });
});

describe('the report of a write', () => {
  it('tells each send, and stands behind the very response', async () => {
    const scene = await openScene(plan);
    await scene.store(theirs);
    const response = await recovering()(scene.url, put(ours, '"v1"', { base: plan }));
    expect(recoveryOf(response)).toEqual({
      outcome: 'merged',
      method: 'PUT',
      url: scene.url,
      version: '"v2"',
      attempts: [
        { number: 1, status: 412, version: '"v1"', wait: 0 },
        { number: 2, status: 204, version: '"v2"', wait: 0 },
      ],
    });
    expect(recoveryOf(response.clone())).toBe(recoveryOf(response));
    expect(response).toBeInstanceOf(Response);
  });
});

describe('a write that is aborted', () => {
  it('before it starts sends nothing, and rejects with the reason', async () => {
    const scene = await openScene(plan);
    const reason = new Error('closed');
    const error = await rejectionOf(
      recovering()(scene.url, put(ours, '"v1"', { signal: AbortSignal.abort(reason) })),
    );
    expect(error).toBe(reason);
    expect(await scene.log()).toEqual([]);
  });

  it.each([
    ['as its first send is under way', { method: 'PUT', hang: true }, ['PUT hangs "v1"'], true],
    ['in the re-read', { method: 'GET', hang: true }, ['PUT 412 "v1"', 'GET hangs'], false],
  ] as const)('%s ends at once, and nothing is sent after', async (_, treatment, log, maybeApplied) => {
    const scene = await openScene(plan);
    await scene.store(theirs);
    await scene.treat(treatment);
    const controller = new AbortController();
    const clock = new HandClock();
    const writing = rejectionOf(
      recovering({ clock })(scene.url, put(ours, '"v1"', { base: plan, signal: controller.signal })),
    );
    await scene.sees(log.at(-1) ?? '');
    controller.abort();
    const error = await writing;
    expect(error).toBe(controller.signal.reason);
    expect(error).toMatchObject({ name: 'AbortError' });
    expect(recoveryOf(error)).toMatchObject({ outcome: 'failed', code: 'abort', maybeApplied });
    expect(clock.timers).toBe(0);
    expect(await scene.log()).toEqual(log);
  });

  it('in the merge writes nothing', async () => {
    const scene = await openScene(plan);
    await scene.store(theirs);
    const controller = new AbortController();
    const merge = () => {
      controller.abort();
      return ours;
    };
    const error = await rejectionOf(
      recovering({ defaults: { merge } })(scene.url, put(ours, '"v1"', { signal: controller.signal })),
    );
    expect(error).toMatchObject({ name: 'AbortError' });
    expect(await scene.value()).toEqual(theirs);
  });
});

describe('a write that runs out of time', () => {
  it('ends within its bound, and says that it may have been made', async () => {
    const scene = await openScene(plan);
    await scene.treat({ method: 'PUT', hang: true });
    const clock = new HandClock();
    const writing = rejectionOf(
      recovering({ clock, defaults: { timeout: false, totalTimeout: 5_000 } })(scene.url, put(ours)),
    );
    await scene.sees('PUT hangs "v1"');
    clock.pass(5_000);
    const error = await writing;
    expect(isRecoveryError(error) && error.code).toBe('timeout');
    expect(recoveryOf(error)).toMatchObject({ maybeApplied: true });
    expect(clock.timers).toBe(0);
  });
});

describe('what a merge throws', () => {
  it('reaches the caller as it is, and nothing is written', async () => {
    const scene = await openScene(plan);
    await scene.store(theirs);
    const mine = new RangeError('mine');
    const merge = () => {
      throw mine;
    };
    const error = await rejectionOf(recovering({ defaults: { merge } })(scene.url, put(ours)));
    expect(error).toBe(mine);
    expect(recoveryOf(error)).toMatchObject({ code: 'merge-error', maybeApplied: false });
    expect(await scene.value()).toEqual(theirs);
  });

  it('is told where it returned nothing', async () => {
    const scene = await openScene(plan);
    await scene.store(theirs);
    const error = await rejectionOf(
      recovering({ defaults: { merge: () => undefined } })(scene.url, put(ours)),
    );
    expect(isRecoveryError(error) && error.code).toBe('merge-error');
    expect(await scene.value()).toEqual(theirs);
  });
});
