import { fault, mutant, type Planted } from '../mutants/hunt.ts';

/** What takes one user for another (promise: nobody's change goes out, is read or is kept as somebody else's). */
const asWho: readonly Planted[] = [
  fault('one-queue-for-all', 'Updates of two users travel in one write.', 'sent as another', {
    file: 'src/resource.ts',
    find: 'JSON.stringify([session.user, own, settings])',
    put: 'JSON.stringify([own, settings])',
  }),
  fault('bases-for-all', 'A merge is given what another user has read.', "another's base", {
    file: 'src/recovery/bases.ts',
    find: 'const parts = [partition, at, ...version];',
    put: "const parts = [partition && '', at, ...version];",
  }),
  fault(
    'seen-behind-any-fetch',
    'Users whom a fetch of their own tells apart share a write.',
    'sent as another: fetch',
    {
      file: 'src/wrap.ts',
      find: "return isScoped || fetch === globalThis.fetch || typeof location !== 'undefined';",
      put: 'return isScoped || fetch !== undefined;',
    },
  ),
  fault(
    'held-to-nobody',
    'What one user asked for goes out as the next who signs in.',
    'sent as another: hook',
    {
      file: 'src/client/request-sender.ts',
      find: 'if (user !== session.user)',
      put: 'if (user === undefined)',
    },
  ),
  fault('newest-headers', 'A write goes on as whoever has signed in meanwhile.', 'sent as another: headers', {
    file: 'src/client/request-sender.ts',
    find: 'const headers = shared.userOf(first) === shared.userOf(now) ? now : first;',
    put: 'const headers = now;',
  }),
  fault(
    'names-unseen',
    'Users whom X-User tells apart share what is read and written.',
    'in another document',
    {
      file: 'src/recovery/caller.ts',
      find: '|token|secret|user|account|tenant',
      put: '|token|secret|account|tenant',
    },
  ),
  fault(
    'copy-as-anybody',
    'A copy that a hook sends for one user goes out as another.',
    'sent as another: hook',
    {
      file: 'src/client/request-sender.ts',
      find: 'if (shared.isScoped && isRequest(input) && credentialsIn(input.headers))',
      put: "if (shared.isScoped && isRequest(input) && input.url === '')",
    },
  ),
];

/** What goes wrong where updates travel together. */
const together: readonly Planted[] = [
  fault('left-yet-written', 'Who is told aborted, and not made, has been written.', 'told ', {
    file: 'src/client/batch.ts',
    find: 'if (changed.some(([{ isOver }]) => isOver)) continue;',
    put: '',
  }),
  fault('doubt-untold', 'Who leaves while a write is out is told that nothing was written.', 'told ', {
    file: 'src/client/batch.ts',
    find: 'for (const [update] of changed) update.maybeApplied = true;',
    put: '',
  }),
  fault('one-hangs-all-hang', 'A recipe that never ends takes all others with it.', 'held up', {
    file: 'src/client/batch.ts',
    find: 'const result = await recipeTimeout.await(pending);',
    put: 'const result = await pending;',
  }),
  fault(
    'waits-for-itself',
    'A recipe that waits for an update of its own resource waits until its time is up.',
    'waits for itself',
    {
      file: 'src/resource.ts',
      find: 'if (isInRecipeOf(url)) throw waitsForItself();',
      put: 'if (isInRecipeOf(url) && !url) throw waitsForItself();',
    },
  ),
  fault('any-value-is-a-document', 'A recipe that returns true makes that the document.', 'no document', {
    file: 'src/client/recipe.ts',
    find: 'if (isWhole && shapeOf(next) !== shape)',
    put: 'if (isWhole && shapeOf(next) === undefined)',
  }),
  fault('answered-by-recipes', 'A person decides, and the recipes of others run instead.', 'answer: ', {
    file: 'src/resume.ts',
    find: 'const route = call.route.batch?.own ?? call.route;',
    put: 'const route = call.route;',
  }),
  fault(
    'kept-without-a-version',
    'An update goes on from a state that the server compares to nothing.',
    'written over',
    {
      file: 'src/client/batch.ts',
      find: 'return isKnown && comparesStrongly(this.#queue.route.version, version) ? known : undefined;',
      put: 'return isKnown || !comparesStrongly(this.#queue.route.version, []) ? known : undefined;',
    },
  ),
  fault('sends-uncounted', 'The parts of a batch cost more than its limit.', 'too many requests', {
    file: 'src/client/split.ts',
    find: 'sends -= next.sends;',
    put: '',
  }),
  fault(
    'told-twice',
    'A listener hears of the write, and of each that travelled in it.',
    'end events: too many',
    {
      file: 'src/recovery/journal.ts',
      find: 'else if (this.#listener) this.tell',
      put: 'if (this.#listener) this.tell',
    },
  ),
  fault('unsent-untold', 'Nobody hears of a write that ends in a hook.', 'end events: too few', {
    file: 'src/client/unsent.ts',
    find: 'if (isOver) return undefined;',
    put: 'if (!isOver) return undefined;',
  }),
  fault('ends-untold', 'Nobody hears of an update that has failed.', 'end events: too few', {
    file: 'src/client/queued-update.ts',
    find: 'if (!onEvent) return;',
    put: "if (!onEvent || toReport().outcome === 'failed') return;",
  }),
];

/** Every fault that has to be found within 10,000 schedules. */
export const planted: readonly Planted[] = [
  mutant('if-match-dropped', 'unconditional write'),
  mutant('no-limit', 'too many requests: overtaken 412'),
  ...asWho,
  ...together,
];
