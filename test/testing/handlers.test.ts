import { http } from 'msw';
import { setupServer } from 'msw/node';
import { createClient, threeWay, type Snapshot } from 'remerge';
import { createOrigin, handlers } from 'remerge/testing';
import { afterEach, describe, expect, it } from 'vitest';

interface Note {
  title: string;
  body: string;
}

const network = setupServer();
afterEach(() => {
  network.close();
});

/** Serves a note to everybody in this process who calls `fetch`. */
function served() {
  const origin = createOrigin(
    { 'notes/1': { title: 'Groceries', body: 'Milk' } },
    { url: 'https://api.test/v1' },
  );
  network.use(...handlers(origin, http));
  network.listen({ onUnhandledFrame: 'error' });
  return origin;
}

/** A form for a note, as a component has one: it knows an address, and nothing of the test. */
class NoteForm {
  message = '';
  #base: Snapshot<Note> | undefined;
  readonly fields: Note = { title: '', body: '' };
  readonly #note = createClient({
    baseUrl: 'https://api.test/v1/',
    routes: { 'notes/:id': { merge: threeWay<Note>() } },
  }).resource('notes/:id', { id: '1' });

  async show(): Promise<void> {
    this.#base = await this.#note.read();
    Object.assign(this.fields, this.#base.value);
  }

  async save(): Promise<void> {
    const base = this.#base;
    if (!base) return;
    this.message = await this.#note.replace({ ...this.fields }, { base }).then(
      ({ outcome }) => (outcome === 'merged' ? 'Saved, with the changes of others' : 'Saved'),
      () => 'Not saved',
    );
  }
}

describe('handlers for msw', () => {
  it('have a component meet another writer', async () => {
    const origin = served();
    const form = new NoteForm();
    await form.show();
    form.fields.title = 'Food';
    origin.edit('notes/1', { body: 'Milk, eggs' });
    await form.save();
    expect(form.message).toBe('Saved, with the changes of others');
    expect(origin.value('notes/1')).toEqual({ title: 'Food', body: 'Milk, eggs' });
    expect(origin.log).toEqual(['GET 200 "v1"', 'PUT 412 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
  });

  it('lose an answer as a network does', async () => {
    const origin = served();
    const form = new NoteForm();
    await form.show();
    form.fields.title = 'Food';
    origin.next('PUT', 'lose-answer');
    await form.save();
    expect(form.message).toBe('Saved');
    expect(origin.log).toEqual(['GET 200 "v1"', 'PUT 204 "v1", answer lost', 'GET 200 "v2"']);
  });

  it('leave other addresses alone', async () => {
    served();
    await expect(fetch('https://elsewhere.test/v1/notes/1')).rejects.toThrow(TypeError);
  });
});
