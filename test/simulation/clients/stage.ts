import { Chance } from '../chance.ts';
import { Network } from '../network.ts';
import { Timeline } from '../timeline.ts';
import { Gate } from './gate.ts';
import { Ledger, type Entry } from './ledger.ts';
import { drawScenario, type Scenario } from './scenario.ts';
import { DocumentServer } from './server.ts';
import { judge, type Past } from './verdict.ts';
import type { Call } from './visit.ts';

export const origin = 'https://api.test/';
export const notes = 'notes/1';

const update: Call = {
  verb: 'update',
  path: notes,
  manner: 'appends',
  takes: 0,
  isPoison: false,
  abort: undefined,
  isTogether: true,
  isIdempotent: false,
  base: 'snapshot',
  after: 0,
  answers: undefined,
};

/** A schedule that a test makes by hand: users of a hook, a server with tags, and nothing in anybody's way. */
export function staged(more: Partial<Scenario> = {}) {
  const drawn = drawScenario(new Chance('verdict'));
  const server = {
    ...drawn.server,
    overtakes: 0,
    redirects: false,
    isLenient: true,
    poisoned: 422,
    answers: 'tag',
    work: 0,
  } as const;
  const calm = {
    rates: {},
    others: [],
    expiries: [],
    refresh: 'never',
    defers: false,
    isCrowd: false,
  } as const;
  const roomy = {
    limit: 100,
    totalTimeout: 8_000,
    versions: 'etag',
    place: 'server',
    teller: 'hook',
  } as const;
  const scenario: Scenario = { ...drawn, server, ...calm, ...roomy, credential: 'x-user', ...more };
  const timeline = new Timeline();
  const ledger = new Ledger(timeline, () => undefined);
  const documents = new DocumentServer(scenario, timeline);
  const ends: { url: string; isMade: boolean }[] = [];
  const put = (user: string, body: unknown, match: string | undefined, path = notes): void => {
    const headers = new Headers({ 'x-user': user, ...(match !== undefined && { 'if-match': match }) });
    const call = { method: 'PUT', url: origin + path, headers, body: JSON.stringify(body) };
    documents.receive(call, 0, 0, () => undefined);
  };
  return {
    ledger,
    put,
    timeline,
    begin: (id: string, call: Partial<Call> = {}): Entry => ledger.begin(id, 'ann', { ...update, ...call }),
    end: (entry: Entry, isMade: boolean) => ends.push({ url: origin + entry.call.path, isMade }),
    gate: new Gate(
      new Network(scenario, timeline, new Chance('gate'), () => undefined),
      documents,
      ledger,
      scenario,
    ),
    kinds: (requests = 0): readonly string[] => {
      const past: Past = { scenario, server: documents, ledger, requests, ends, origin };
      return [...ledger.flaws, ...judge(past)].map(({ kind }) => kind);
    },
  };
}
