import { RecoveryError } from 'remerge';
import { describe, expect, it } from 'vitest';
import { Chance } from '../chance.ts';
import { Network } from '../network.ts';
import { Timeline } from '../timeline.ts';
import { blank, changed } from './document.ts';
import { Gate } from './gate.ts';
import { Ledger, type Entry } from './ledger.ts';
import { drawScenario, type Scenario } from './scenario.ts';
import { DocumentServer } from './server.ts';
import { judge, type Past } from './verdict.ts';
import type { Call } from './visit.ts';

const origin = 'https://api.test/';
const notes = 'notes/1';

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
function staged(more: Partial<Scenario> = {}) {
  const drawn = drawScenario(new Chance('verdict'));
  const server = {
    ...drawn.server,
    overtakes: 0,
    redirects: false,
    isLenient: true,
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

/** The error of an update that was stopped, and of which nothing was sent. */
const stopped = (code: 'timeout' | 'no-version'): RecoveryError => new RecoveryError(code, code);

describe('a call of one of many users', () => {
  const first = changed(blank(notes), 'ann.1');

  it('is well where it was made once, and told so by its promise and by one event', () => {
    const { begin, put, ledger, end, kinds } = staged();
    const entry = begin('ann.1');
    put('ann', first, '"v1"');
    ledger.succeed(entry, 'as-asked');
    end(entry, true);
    expect(kinds()).toEqual([]);
  });

  it('is lost where it was told as made, and is nowhere', () => {
    const { begin, ledger, end, kinds } = staged();
    const entry = begin('ann.1');
    ledger.succeed(entry, 'as-asked');
    end(entry, true);
    expect(kinds()).toEqual(['lost']);
  });

  it('was made though it was told that it was not', () => {
    const { begin, put, ledger, end, kinds } = staged();
    const entry = begin('ann.1');
    put('ann', first, '"v1"');
    ledger.fail(entry, stopped('timeout'));
    end(entry, false);
    expect(kinds()).toEqual(['told timeout, and made']);
  });

  it('is doubled where it was made twice', () => {
    const { begin, put, ledger, end, kinds } = staged();
    const entry = begin('ann.1');
    put('ann', first, '"v1"');
    put('ann', changed(first, 'ann.1'), '"v2"');
    ledger.succeed(entry, 'as-asked');
    end(entry, true);
    expect(kinds()).toEqual(['doubled']);
  });

  it('never ends, or ends late', async () => {
    const { begin, timeline, ledger, end, kinds } = staged();
    begin('ann.1');
    const late = begin('ann.2', { manner: 'throws' });
    timeline.after(9_000, () => undefined);
    await timeline.run();
    ledger.fail(late, stopped('timeout'));
    end(late, false);
    expect(kinds()).toEqual(['never ends', 'late']);
  });

  it('is held up by a recipe that hangs, and by nothing where there is none', () => {
    for (const manner of ['hangs', 'appends'] as const) {
      const { begin, ledger, end, kinds } = staged();
      for (const entry of [begin('ann.1'), begin('ann.2', { manner, isPoison: true })]) {
        ledger.fail(entry, stopped('timeout'));
        end(entry, false);
      }
      expect(kinds()).toEqual([manner === 'hangs' ? 'held up' : 'fails though all is well: timeout']);
    }
  });

  it('ends in one event, and in one that says the truth', () => {
    for (const [ends, kind] of [
      [[], 'end events: too few'],
      [[true, true], 'end events: too many'],
      [[false], 'end events: untrue'],
    ] as const) {
      const { begin, put, ledger, end, kinds } = staged();
      const entry = begin('ann.1');
      put('ann', first, '"v1"');
      ledger.succeed(entry, 'as-asked');
      for (const isMade of ends) end(entry, isMade);
      expect(kinds()).toEqual([kind]);
    }
  });
});

describe('what a server has been given', () => {
  const others = changed(blank(notes), 'other.1');

  it('is written over where a change is gone, though each had a version of its own', () => {
    const { put, kinds } = staged();
    put('ben', others, '"v1"');
    put('ann', changed(blank(notes), 'ann.1'), '"v2"');
    expect(kinds()).toEqual(['written over: etag']);
  });

  it('is written over without versions only where the change was there before the call', async () => {
    for (const delay of [100, 1_000]) {
      const { put, begin, ledger, end, timeline, kinds } = staged({ versions: 'none' });
      put('ben', others, undefined);
      timeline.after(delay, () => undefined);
      await timeline.run();
      const entry = begin('ann.1');
      put('ann', changed(blank(notes), 'ann.1'), undefined);
      ledger.succeed(entry, 'as-asked');
      end(entry, true);
      expect(kinds()).toEqual(delay > 200 ? ['written over: none'] : []);
    }
  });

  it('is told from what is no document, is torn, or is another one', () => {
    const kindOf = (state: unknown): readonly string[] => {
      const { put, kinds } = staged();
      put('ann', state, '"v1"');
      return kinds();
    };
    expect(kindOf(true)).toEqual(['no document']);
    expect(kindOf({ ...blank(notes), count: 1 })).toEqual(['torn']);
    expect(kindOf(blank('notes/2'))).toEqual(['in another document: hook on a server, X-User']);
  });

  it('says when a write had no version', () => {
    const { put, kinds } = staged();
    put('ann', blank(notes), undefined);
    expect(kinds()).toEqual(['unconditional write']);
  });

  it('costs too much where a crowd is sent more often than there are updates and retries', () => {
    for (const writes of [5, 6]) {
      const { put, begin, ledger, end, kinds } = staged({ isCrowd: true, limit: 2 });
      const entry = begin('ann.1', { isPoison: true });
      for (let write = 0; write < writes; write += 1) put('ann', blank(notes), '"v0"');
      ledger.fail(entry, stopped('no-version'));
      end(entry, false);
      expect(kinds()).toEqual(writes > 5 ? ['too many requests: poisoned 422'] : []);
    }
  });
});

describe('a request that goes out', () => {
  const send = (gate: Gate, user: string, state: object): void => {
    const headers = { 'x-user': user, 'if-match': '"v1"' };
    void gate.fetch(origin + notes, { method: 'PUT', headers, body: JSON.stringify(state) });
  };

  it('is sent as another where it holds what somebody else has asked for', async () => {
    for (const user of ['ann', 'ben']) {
      const { gate, begin, ledger, timeline } = staged();
      begin('ann.1');
      send(gate, user, changed(blank(notes), 'ann.1'));
      await timeline.run();
      const kinds = ledger.flaws.map(({ kind }) => kind);
      expect(kinds).toEqual(user === 'ann' ? [] : ['sent as another: hook on a server, X-User']);
    }
  });

  it('takes nothing into another document', async () => {
    const { gate, begin, ledger, timeline } = staged();
    begin('ann.1', { path: 'notes/2' });
    send(gate, 'ann', changed(blank(notes), 'ann.1'));
    await timeline.run();
    expect(ledger.flaws.map(({ kind }) => kind)).toEqual(['in another document: hook on a server, X-User']);
  });
});
