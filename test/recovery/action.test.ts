import { RecoveryError, giveUp, defineMerge, isRecoveryError, type StopCode } from 'remerge';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../support/clock.ts';
import { clientOf } from '../support/client.ts';
import { Origin } from '../support/origin.ts';
import { rejectionOf } from '../support/write.ts';

type Action = RecoveryError['action'];

/** What to do about each code, where the write wasn't made. */
const actions: Readonly<Record<StopCode, Action>> = {
  'merge-conflict': 'decide',
  gone: 'decide',
  exists: 'decide',
  changed: 'decide',
  'retry-limit': 'retry',
  'retry-budget': 'retry',
  timeout: 'retry',
  'read-error': 'retry',
  'network-error': 'retry',
  'recovery-unavailable': 'retry',
  abort: 'retry',
  unauthorized: 'sign-in',
  'outcome-unknown': 'check',
  'not-a-conflict': 'fix',
  'operation-failed': 'fix',
  'no-version': 'fix',
  'unknown-precondition': 'fix',
  redirect: 'fix',
  'unrepeatable-body': 'fix',
  'no-progress': 'fix',
  'content-type': 'fix',
  'malformed-body': 'fix',
  'too-large': 'fix',
  'version-missing': 'fix',
  'version-hidden': 'fix',
  'version-weak': 'fix',
  'version-malformed': 'fix',
  'remote-invalid': 'fix',
  'merged-invalid': 'fix',
  'unknown-patch': 'fix',
  'base-unknown': 'fix',
  'patch-error': 'fix',
  'merge-error': 'fix',
  'key-reuse': 'fix',
  'too-deep': 'fix',
};

describe('the action of an error', () => {
  it.each(Object.entries(actions))('with the code %s is to %s', (code, action) => {
    expect(new RecoveryError(code as StopCode, 'It failed.').action).toBe(action);
  });

  const start = { title: 'Trip', tags: ['a'] };

  /** The error of a write of a handle that somebody else has overtaken. */
  async function failed(prepare: (origin: Origin) => unknown, more: Parameters<typeof clientOf>[1] = {}) {
    const origin = new Origin(start);
    const clock = new VirtualClock();
    const { note } = clientOf(origin, { clock, ...more });
    const base = await note.read();
    prepare(origin);
    const error = await rejectionOf(clock.run(note.replace({ ...start, title: 'Journey' }, { base })));
    if (!isRecoveryError(error) || error.recovery?.outcome !== 'failed') throw error;
    const { code, action, recovery } = error;
    return { code, action, maybeApplied: recovery.maybeApplied, error };
  }

  const once = { defaults: { retry: 0 } };

  it('is to check instead of to retry where the write may have been made', async () => {
    expect(await failed((origin) => origin.change({ ...start, title: 'Theirs' }), once)).toMatchObject({
      ...{ code: 'retry-limit', maybeApplied: false, action: 'retry' },
    });
    expect(await failed((origin) => origin.lose('PUT', 'before'), once)).toMatchObject({
      ...{ code: 'retry-limit', maybeApplied: true, action: 'check' },
    });
  });

  it('stays to decide where a conflict is open, though the write may have been made', async () => {
    const merge = defineMerge<unknown>(() => giveUp('Ask the author'), { repeatable: true });
    const prepare = (origin: Origin) =>
      origin.lose('PUT', 'before').once('GET', () => {
        origin.change({ ...start, title: 'Theirs' });
        return undefined;
      });
    const { error, ...told } = await failed(prepare, { defaults: { merge } });
    expect(told).toEqual({ code: 'merge-conflict', maybeApplied: true, action: 'decide' });
    expect(error.question).toMatchObject({ base: start, remote: { title: 'Theirs' } });
  });
});
