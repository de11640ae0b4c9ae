import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Case } from './case.ts';
import { expected } from './expected.ts';
import { play } from './play.ts';
import { broken } from './promises.ts';
import { FaultServer } from './server.ts';

const server = new FaultServer();
const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown): void => void unhandled.push(reason);

beforeAll(async () => {
  process.on('unhandledRejection', onUnhandled);
  await server.start();
});

afterAll(async () => {
  await server.traffic.settled();
  // It resolves only if no request holds a connection any more.
  await server.stop();
  process.off('unhandledRejection', onUnhandled);
  expect({ hanging: server.hanging, unhandled }).toEqual({ hanging: 0, unhandled: [] });
});

/** Has every case come out as the rules say, and every promise kept. */
export function runCases(cases: readonly Case[]): void {
  const named = cases.map((one) => [`${one.name} → ${expected(one).how}`, one] as const);
  it.each(named)('%s', async (_, one) => {
    const seen = await play(server, one);
    expect({ how: seen.how, trail: seen.trail, broken: broken(one, seen) }).toEqual({
      ...expected(one),
      broken: [],
    });
  });
}
