import { withConflictRecovery, type RouteOptions } from 'remerge';
import { entriesOf, type Entry } from '../figures.ts';
import { inTurns } from '../rounds.ts';
import { batchesOf, origin, put, readStub, route, writeStub, type Call } from './calls.ts';

const write: Call = (fetch) => fetch(`${origin}/notes/42`, put);

/** Whether a write costs more where there are many routes: all but one lead elsewhere, and that one is the last. */
export async function overRoutes(rounds: number, calls: number): Promise<readonly Entry[]> {
  const own = writeStub();
  const withRoutes = (count: number): typeof fetch => {
    const others = Array.from(
      { length: count - 1 },
      (_, index) => [`others-${String(index)}`, route] as const,
    );
    const routes: Readonly<Record<string, RouteOptions>> = {
      ...Object.fromEntries(others),
      'notes/42': route,
    };
    return withConflictRecovery(own.fetch, { routes });
  };
  const fetches = {
    '1 route': withRoutes(1),
    '100 routes': withRoutes(100),
    '1,000 routes': withRoutes(1_000),
  };
  const figures = await inTurns(batchesOf(fetches, own, write, calls), rounds);
  return entriesOf('PUT on a literal route, over a stub', figures, { ratios: ['µs'], to: '1 route' });
}

/** Whether a write costs more where many bases are remembered. */
export async function overBases(rounds: number, calls: number): Promise<readonly Entry[]> {
  const reads = readStub();
  const writes = writeStub();
  const transport: typeof fetch = (input, init) =>
    init?.method === 'PUT' ? writes.fetch(input, init) : reads.fetch(input, init);
  const knowing = async (count: number): Promise<typeof fetch> => {
    const wrapped = withConflictRecovery(transport, { routes: { 'notes/:id': route } });
    reads.fill(count);
    for (let id = 0; id < count; id++) await (await wrapped(`${origin}/notes/other-${String(id)}`)).json();
    return wrapped;
  };
  const fetches = { 'no base': await knowing(0), '1,000 bases': await knowing(1_000) };
  const figures = await inTurns(batchesOf(fetches, writes, write, calls), rounds);
  return entriesOf('PUT with remembered bases, over a stub', figures, { ratios: ['µs'], to: 'no base' });
}
