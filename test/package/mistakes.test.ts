import { expect, it } from 'vitest';
import { typeFaults } from '../docs/compiler.ts';
import { startingTime } from '../support/time.ts';

const before = `import { createClient, keepLocal, text, threeWay } from 'remerge';
import * as z from 'zod';
const Note = z.object({ title: z.string(), votes: z.number(), due: z.string().optional() });
const api = createClient({ baseUrl: 'https://x/', routes: { 'notes/:id': { schema: Note, merge: threeWay() } } });
const note = api.resource('notes/:id', { id: 1 });
const opened = await note.read();
`;
const route = (options: string): string =>
  `createClient({ routes: { 'a/:id': { schema: Note, ${options} } } });`;

/** Mistakes that JavaScript shows late or never, and the same without the mistake. */
const mistakes: readonly (readonly [what: string, wrong: string, right: string])[] = [
  [
    'a rule for a field of another type',
    route(`merge: threeWay({ '/votes': text() })`),
    route(`merge: threeWay({ '/title': text() })`),
  ],
  ['a merge that is not called', route('merge: keepLocal'), route('merge: keepLocal()')],
  [
    'a base that is a version',
    `await note.replace(opened.value, { base: '"v1"' });`,
    'await note.replace(opened.value, { base: opened });',
  ],
  [
    'a patch that removes what must be there',
    'await note.patch({ title: null }, { base: opened });',
    'await note.patch({ due: null }, { base: opened });',
  ],
  [
    'a body that is not of the route of its path',
    "await api.put('notes/42', { json: { title: 1, votes: 2 }, base: opened });",
    "await api.put('notes/42', { json: { title: 'a', votes: 2 }, base: opened });",
  ],
  [
    'an answer to a question that is not of its route',
    "await note.questionOf(new Error('no'))?.resume({ title: 1, votes: 2 });",
    "await note.questionOf(new Error('no'))?.resume({ title: 'a', votes: 2 });",
  ],
];

it('are found by TypeScript, each where it is made', { timeout: startingTime }, () => {
  const pages = mistakes.flatMap(([what, wrong, right]) => [
    { page: `${what}: wrong`, code: before + wrong },
    { page: `${what}: right`, code: before + right },
  ]);
  const found = typeFaults(pages).map((fault) => fault.replace(/:\d+: .*/s, ''));
  expect([...new Set(found)].sort()).toEqual(mistakes.map(([what]) => `${what}: wrong`).sort());
});
