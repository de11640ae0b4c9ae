import { element } from './element.ts';
import type { Note } from './note.ts';

/** The fields of a note that the form has, and what people call them. */
export const labels = { title: 'Title', body: 'Text', tags: 'Tags', due: 'Due' } as const;
export type Field = keyof typeof labels;
const fields = Object.keys(labels) as Field[];

/** Where a person edits a field. */
export const inputOf = (field: Field) => element(`#${field}`) as HTMLInputElement | HTMLTextAreaElement;

/** A field as the form has it. */
function textOf(note: Note, field: Field): string {
  return field === 'tags' ? note.tags.join(', ') : note[field];
}

/** The fields that two notes differ in. */
export function differences(one: Note, other: Note): readonly Field[] {
  return fields.filter((field) => textOf(one, field) !== textOf(other, field));
}

/** What the person has made of the note. */
export function read(shown: Note): Note {
  const tags = inputOf('tags').value.split(',');
  return {
    ...shown,
    title: inputOf('title').value,
    body: inputOf('body').value,
    tags: [...new Set(tags.map((tag) => tag.trim()).filter(Boolean))],
    due: inputOf('due').value,
  };
}

/** Shows a note. What the person typed since it was sent stays. */
export function fill(note: Note, sent: Note): void {
  const typed = differences(read(sent), sent);
  for (const field of fields) if (!typed.includes(field)) inputOf(field).value = textOf(note, field);
  element('#saved-by').textContent = `Last saved by ${note.savedBy}`;
  fillVotes(note);
}

export function fillVotes({ votes }: Note): void {
  element('#votes').textContent = votes === 1 ? '1 vote' : `${votes} votes`;
}

/** Marks a field with where its content came from, until the person types there. */
export function mark(field: Field, words: string): void {
  element(`label[for=${field}] .mark`).textContent = words;
}

export function clearMarks(): void {
  for (const field of fields) mark(field, '');
}

for (const field of fields) inputOf(field).addEventListener('input', () => mark(field, ''));
