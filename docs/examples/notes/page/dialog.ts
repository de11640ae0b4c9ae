import type { Conflict, Question } from 'remerge';
import { parsePointer, withValueAt } from 'remerge/merge';
import { element } from './element.ts';
import { inputOf, labels, type Field } from './form.ts';
import { Note } from './note.ts';

/** Shows a conflict that only a person can decide, and waits for the answer. `undefined`: not now. */
export async function ask({ conflicts, remote, merged }: Question<Note>): Promise<Note | undefined> {
  const other = remote.savedBy;
  element('#ask-title').textContent = `${other} has changed this, too`;
  const questions = element('#questions');
  questions.replaceChildren();
  const choices = conflicts.map((conflict) => {
    const choice = choiceOf(conflict, other, merged);
    questions.append(choice.fieldset);
    return { path: parsePointer(conflict.path), chosen: choice.chosen };
  });

  const dialog = element('#ask') as HTMLDialogElement;
  dialog.returnValue = ''; // Or some browsers have the last answer here after Escape.
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }));
  if (dialog.returnValue !== 'save') return undefined;
  return Note.parse(
    choices.reduce<unknown>((note, { path, chosen }) => withValueAt(note, path, chosen()), merged),
  );
}

/** A field with its three sides, and a place for words of one's own. */
function choiceOf(conflict: Conflict, other: string, merged: Note) {
  const { path, base, local, remote } = conflict;
  const field = path.slice(1) as Exclude<Field, 'tags'>; // Tags never clash: they are a set.
  const { content } = element('#question') as HTMLTemplateElement;
  const fieldset = (content.cloneNode(true) as DocumentFragment).firstElementChild as HTMLFieldSetElement;
  element('legend', fieldset).textContent = labels[field];
  element('.whose', fieldset).textContent = `${other}'s`;
  const sides = [base, local, remote];
  for (const [index, place] of fieldset.querySelectorAll('.value').entries())
    place.textContent = sides[index] === '' ? '(empty)' : String(sides[index]);

  // The same kind of input that the form has, with what is merged so far.
  const own = inputOf(field).cloneNode() as ReturnType<typeof inputOf>;
  own.id = own.name = `own-${field}`;
  own.ariaLabel = 'Something else';
  own.value = merged[field];
  const radios = [...fieldset.querySelectorAll<HTMLInputElement>('[type=radio]')];
  for (const radio of radios) radio.name = `choice-${field}`;
  own.addEventListener('input', () => {
    for (const radio of radios) radio.checked = radio.value === 'own';
  });
  fieldset.append(own);

  const chosen = () => {
    const choice = radios.find(({ checked }) => checked)?.value;
    return choice === 'own' ? own.value : choice === 'local' ? local : remote;
  };
  return { fieldset, chosen };
}
