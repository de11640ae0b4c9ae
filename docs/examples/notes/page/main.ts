import { ask } from './dialog.ts';
import { element } from './element.ts';
import { clearMarks, differences, fill, fillVotes, labels, mark, read, type Field } from './form.ts';
import { tell } from './log.ts';
import { openNote } from './note.ts';
import { save, type Saved, type Shown } from './save.ts';

const me = new URLSearchParams(location.search).get('name') ?? 'Ann';
const note = openNote(tell);
const status = element('#status');

/** The windows of this page tell each other that somebody saved. Windows elsewhere see it when they are next looked at. */
const windows = new BroadcastChannel('notes');

/** The state that the form was filled from: the base of what is changed in it. */
let shown = await open();
/** Counts what may change the form, so that an answer which comes too late changes nothing. */
let turn = 0;
let saving = false;

const isChanged = () => differences(read(shown.value), shown.value).length > 0;

async function open(): Promise<Shown> {
  const base = await note.read();
  return { value: base.value, base };
}

/** Looks for what others have saved. */
async function refresh(): Promise<void> {
  const mine = (turn += 1);
  const latest = await open();
  if (mine === turn) adopt(latest);
}

/** Shows a newer state, unless the person is at it: then the save will merge it. */
function adopt(latest: Shown): void {
  fillVotes(latest.value);
  if (saving) return;
  const other = latest.value.savedBy;
  const changed = differences(shown.value, latest.value);
  if (isChanged()) {
    if (changed.length > 0) status.textContent = `${other} has saved. Your save will be merged with it.`;
    return;
  }
  show(latest, shown);
  for (const field of changed) mark(field, `from ${other}`);
  if (changed.length > 0) status.textContent = `${other} changed: ${listOf(changed)}.`;
}

function show(next: Shown, sent: Shown): void {
  fill(next.value, sent.value);
  shown = next;
}

async function submit(): Promise<void> {
  if (saving) return;
  saving = true;
  const local = { ...read(shown.value), savedBy: me };
  status.textContent = 'Saving …';
  try {
    const saved = await save(note, local, shown.base, ask);
    if (saved) showSaved(saved, { value: local, base: shown.base });
    else status.textContent = 'Not saved. What you typed is still here.';
  } finally {
    saving = false;
    turn += 1;
  }
}

/** Shows what became of a save, and what of it is not the person's own. */
function showSaved(saved: Saved, sent: Shown): void {
  const { value: before } = shown;
  show(saved, sent);
  clearMarks();
  const others = differences(sent.value, saved.value);
  for (const field of others) {
    const both = differences(before, sent.value).includes(field);
    mark(field, `${both ? 'merged with' : 'from'} ${saved.other ?? 'another'}`);
  }
  status.textContent =
    others.length > 0 ? `Saved, and merged with ${saved.other ?? 'another'}: ${listOf(others)}.` : 'Saved.';
  windows.postMessage(me);
}

async function vote(): Promise<void> {
  // No base and no merge: where others were faster, it is done again on what they left.
  const base = await note.update((draft) => {
    draft.votes += 1;
  });
  turn += 1;
  adopt({ value: base.value, base });
  windows.postMessage(me);
}

const listOf = (fields: readonly Field[]) => fields.map((field) => labels[field].toLowerCase()).join(', ');

/** Does what the person asked for, and says what went wrong. */
function run(work: () => Promise<void>): void {
  work().catch((error: unknown) => (status.textContent = String(error)));
}

document.title = `${me}'s note`;
element('#me').textContent = `${me}'s window`;
show(shown, { ...shown, value: read(shown.value) });
element('#note').addEventListener('submit', (event) => {
  event.preventDefault();
  run(submit);
});
element('#vote').addEventListener('click', () => run(vote));
windows.addEventListener('message', () => run(refresh));
window.addEventListener('focus', () => run(refresh));
