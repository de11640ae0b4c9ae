import { describe, expect, it } from 'vitest';
import { blank, changed } from './document.ts';
import type { Gate } from './gate.ts';
import { notes, origin, staged } from './stage.ts';

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
