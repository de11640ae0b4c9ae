import { describe, expect, it } from 'vitest';
import { judge } from './trial.ts';
import type { Told } from './worker.ts';

const told = (of: Partial<Told>): Told => ({ made: [], unknown: [], failed: [], reasons: [], ...of });

describe('an update', () => {
  it('counts as made once where it is there, and its maker was told so', () => {
    expect(judge([told({ made: ['a'] })], ['a'])).toMatchObject({
      once: 1,
      lost: 0,
      doubled: 0,
      'gave up': 0,
    });
  });

  it('is lost where its maker was told that it was made, and it is not there', () => {
    expect(judge([told({ made: ['a', 'b'] })], ['b'])).toMatchObject({ once: 1, lost: 1 });
  });

  it('is doubled where it is there twice, whatever its maker was told', () => {
    const all = [told({ made: ['a'] }), told({ failed: ['b'] }), told({ unknown: ['c'] })];
    expect(judge(all, ['a', 'b', 'a', 'b', 'c', 'c'])).toMatchObject({ once: 0, doubled: 3 });
  });

  it('is given up where its maker was told so, and it is not there', () => {
    expect(judge([told({ failed: ['a'] })], [])).toMatchObject({ 'gave up': 1, 'failed, yet there': 0 });
  });

  it('is a false alarm where its maker was told that it failed, and it is there', () => {
    expect(judge([told({ failed: ['a'] })], ['a'])).toMatchObject({ 'gave up': 0, 'failed, yet there': 1 });
  });

  it('is unknown where its maker was told so', () => {
    expect(judge([told({ unknown: ['a', 'b'] })], ['a'])).toMatchObject({
      'told unknown': 2,
      lost: 0,
      once: 0,
    });
  });
});
