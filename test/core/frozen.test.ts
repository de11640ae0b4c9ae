import { expect, it } from 'vitest';
import { freeze } from '../../src/core/frozen.ts';

it('a value is frozen all the way down, whatever is in it', () => {
  const bytes = new Uint8Array([1]);
  const value = freeze({ a: null, b: [{ c: 1 }], bytes });
  expect(Object.isFrozen(value) && Object.isFrozen(value.b) && Object.isFrozen(value.b[0])).toBe(true);
  // Bytes can't be.
  bytes[0] = 2;
  expect(value.bytes[0]).toBe(2);
  expect([freeze(null), freeze('text'), freeze(0)]).toEqual([null, 'text', 0]);
});
