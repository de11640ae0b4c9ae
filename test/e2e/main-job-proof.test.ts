import { describe, expect, it } from 'vitest';
import type { Board, Note } from '../../docs/examples/contention/documents.ts';
import { mergeBoard, mergeNote } from '../../docs/examples/contention/merge.ts';
import { tally, verdict } from '../../docs/examples/contention/proof.ts';

describe('the proof of the main job', () => {
  const log = [
    '/notes/1 GET 200 "v1"',
    '/notes/1 PUT 412 "v1"',
    '/notes/1 PUT 204 "v2"',
    '/boards/1 PUT 409 3',
  ];
  const all = { asked: ['#1.01', '#2.01'], acknowledged: ['#1.01', '#2.01'], log };

  it('holds when every edit was acknowledged and stands there once', () => {
    const counted = tally({ ...all, documents: [{ body: 'Idea #1.01' }, { tags: ['idea#2.01'] }] });
    expect(counted).toEqual({
      asked: 2,
      acknowledged: 2,
      kept: 2,
      lost: 0,
      doubled: 0,
      refused: 0,
      conflicts: 2,
      requests: 4,
    });
    expect(verdict(counted)).toBe(true);
  });

  it.each([
    ['an acknowledged edit is gone', { ...all, documents: [{ body: '#1.01' }] }, { lost: 1, kept: 1 }],
    [
      'an edit stands there twice',
      { ...all, documents: [['#1.01', '#2.01'], '#1.01'] },
      { doubled: 1, kept: 1 },
    ],
    [
      'an edit was refused',
      { ...all, acknowledged: ['#1.01'], documents: ['#1.01'] },
      { refused: 1, lost: 0 },
    ],
    ['there is no document', { ...all, documents: [undefined] }, { lost: 2 }],
    ['nothing was to be done', { asked: [], acknowledged: [], log, documents: [] }, { asked: 0 }],
  ])('fails when %s', (_, evidence, counts) => {
    const counted = tally(evidence);
    expect(counted).toMatchObject(counts);
    expect(verdict(counted)).toBe(false);
  });
});

describe('the merges written by hand', () => {
  const note: Note = {
    title: 'Plan',
    body: 'One\nTwo',
    tags: ['a', 'b'],
    checklist: [
      { id: '1', text: 'Call', doneBy: null },
      { id: '2', text: 'Write', doneBy: null },
    ],
  };

  it('keep what both sides added, and leave out what either took away', () => {
    const local = { ...note, title: 'Our plan', body: 'One\nTwo\nOurs', tags: ['b', 'ours'] };
    const remote = { ...note, body: 'Two\nTheirs', tags: ['a', 'b', 'theirs'] };
    expect(mergeNote({ base: note, local, remote })).toEqual({
      title: 'Our plan',
      body: 'Two\nTheirs\nOurs',
      tags: ['b', 'theirs', 'ours'],
      checklist: note.checklist,
    });
  });

  it('keep two changes to one task', () => {
    const local = { ...note, checklist: [{ id: '1', text: 'Call', doneBy: 'us' }] };
    const remote = {
      ...note,
      checklist: note.checklist.map((task) => ({ ...task, text: `${task.text} now` })),
    };
    expect(mergeNote({ base: note, local, remote })).toMatchObject({
      checklist: [{ id: '1', text: 'Call now', doneBy: 'us' }],
    });
  });

  it('keep a card that moved here and got a comment there in one column only', () => {
    const card = { id: 'c', text: 'Ask', movedBy: null, comments: [] };
    const base: Board = {
      version: 1,
      title: 'Plan',
      columns: [
        { name: 'To do', cards: [card] },
        { name: 'Done', cards: [] },
      ],
    };
    const local: Board = {
      ...base,
      columns: [
        { name: 'To do', cards: [] },
        { name: 'Done', cards: [{ ...card, movedBy: 'us' }] },
      ],
    };
    const remote: Board = {
      ...base,
      version: 2,
      columns: [
        { name: 'To do', cards: [{ ...card, comments: ['theirs'] }] },
        { name: 'Done', cards: [] },
      ],
    };
    expect(mergeBoard({ base, local, remote })).toEqual({
      version: 2,
      title: 'Plan',
      columns: [
        { name: 'To do', cards: [] },
        { name: 'Done', cards: [{ id: 'c', text: 'Ask', movedBy: 'us', comments: ['theirs'] }] },
      ],
    });
  });

  it('guess nothing when the base is not known', () => {
    expect(mergeNote({ base: undefined, local: note, remote: note })).toMatchObject({ kind: 'give-up' });
  });
});
