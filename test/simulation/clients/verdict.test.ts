import { RecoveryError } from 'remerge';
import { describe, expect, it } from 'vitest';
import { blank, changed } from './document.ts';
import { notes, staged } from './stage.ts';

/** The error of an update that was stopped, and of which nothing was sent. */
const stopped = (code: 'timeout' | 'no-version'): RecoveryError => new RecoveryError(code, code);

describe('a call of one of many users', () => {
  const first = changed(blank(notes), 'ann.1');

  it('is well where it was made once, and told so by its promise and by one event', () => {
    const { begin, put, ledger, end, kinds } = staged();
    const entry = begin('ann.1');
    put('ann', first, '"v1"');
    ledger.succeed(entry, 'applied');
    end(entry, true);
    expect(kinds()).toEqual([]);
  });

  it('is lost where it was told as made, and is nowhere', () => {
    const { begin, ledger, end, kinds } = staged();
    const entry = begin('ann.1');
    ledger.succeed(entry, 'applied');
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
    ledger.succeed(entry, 'applied');
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
      ledger.succeed(entry, 'applied');
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
      ledger.succeed(entry, 'applied');
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
