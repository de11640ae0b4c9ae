import type { Killer, Mutant } from './mutant.ts';

const contract = 'test/presets/contract.test.ts';
const single = 'test/presets/single.test.ts';
const create = 'test/presets/create.test.ts';
const formats = 'test/client/formats.test.ts';
const differences = 'test/client/differences.test.ts';

function careless(name: string, harm: string, edit: Mutant['edits'][number], killer: Killer): Mutant {
  return { name, harm, edits: [edit], killer };
}

/** What goes wrong at a server that does it in a way of its own. */
export const servers: readonly Mutant[] = [
  careless(
    'deletes-without-precondition',
    'A delete whose version stands in its body goes out without one, and deletes what nobody has seen.',
    {
      file: 'src/recovery/under-base.ts',
      find: "body.content === '' && write.method === 'DELETE' && route.version.remove !== undefined",
      put: 'false',
    },
    {
      file: single,
      test: 'is told the version of a delete in the preconditions of its options, without a look',
    },
  ),
  careless(
    'newer-deleted-without-precondition',
    'A delete of a newer version goes out without any.',
    {
      file: 'src/stages/build.ts',
      find: 'const inBody = isInBody(route.version.remove ?? []);',
      put: 'const inBody = isInBody([]);',
    },
    { file: contract, test: 'has a newer version deleted where the route says so' },
  ),
  careless(
    'envelope-written',
    'A document is written with the envelope that it was read in.',
    {
      file: 'src/shell/representation.ts',
      find: "if (kind !== 'json' || (!by.unwrap && wire === by)) return",
      put: 'if (by.maxBytes >= 0) return',
    },
    { file: contract, test: 'takes an update that meets no conflict in two requests' },
  ),
  careless(
    'updates-by-put',
    'An update is sent by a method that the server does not know.',
    {
      file: 'src/client/resource-io.ts',
      find: 'sendWrite(to.target, route.replace, to.content, type, own)',
      put: "sendWrite(to.target, 'PUT', to.content, type, own)",
    },
    { file: contract, test: 'takes an update that meets no conflict in two requests' },
  ),
  careless(
    'lasting-refusal-recovered',
    'A refusal that no newer version solves costs two reads and two writes.',
    {
      file: 'src/presets/refusal.ts',
      find: "return busy.includes(code) ? 'in-progress' : 'final';",
      put: "return busy.includes(code) ? 'in-progress' : undefined;",
    },
    { file: contract, test: 'lets a refusal stand that no merge solves: %s' },
  ),
  careless(
    'created-at-its-own-address',
    'What is created overwrites what is there, at a server that knows no If-None-Match.',
    {
      file: 'src/client/write.ts',
      find: 'const at = new URL(create.at(new URL(url)), url);',
      put: 'const at = new URL(url);',
    },
    { file: create, test: 'merges onto it where it stands, under its version' },
  ),
  careless(
    'recreated-at-its-own-address',
    'What is created anew overwrites what somebody else has made there meanwhile.',
    {
      file: 'src/stages/build.ts',
      find: 'const at = create.at ? new URL(create.at(new URL(url)), url) : url;',
      put: 'const at = url;',
    },
    { file: create, test: 'is created there again, once it is gone and the route says so' },
  ),
  careless(
    'weak-for-a-moment',
    'A write to Apache within a second of another fails, though nothing has changed.',
    {
      file: 'src/stages/read/look.ts',
      find: 'return isStillWeak(route, remote) ? { failed: remote, retryAfter: weakTime } : { remote };',
      put: 'return (void isStillWeak, { remote });',
    },
    { file: single, test: 'waits for a tag to be strong again, and writes under that' },
  ),
  careless(
    'weak-for-ever',
    'A tag that stays weak is looked at until the limit is used up.',
    {
      file: 'src/stages/read/look.ts',
      find: "if (read.failed.code === 'version-weak' && retry > weakReads) return read.failed;",
      put: 'void weakReads;',
    },
    { file: single, test: 'gives up on a tag that stays weak, and writes nothing' },
  ),
  careless(
    'too-many-requests-repeated',
    'A client that is asked to slow down by Stripe sends its payments again.',
    {
      file: 'src/presets/stripe.ts',
      find: "=== busy ? 'in-progress' : 'final'",
      put: "=== busy || status === 429 ? 'in-progress' : 'final'",
    },
    { file: single, test: 'leaves too many requests to whoever slows them down' },
  ),
  careless(
    'part-taken-for-a-state',
    'After a conflict, a body that names some members is merged as if all others were removed.',
    {
      file: 'src/recovery/intent.ts',
      find: "headers.has('if-none-match') ? undefined : part",
      put: "headers.has('if-match') ? undefined : part",
    },
    { file: differences, test: 'keeps, after a conflict, what it doesn’t name' },
  ),
  careless(
    'first-difference-sent-again',
    'After a conflict the difference from the old state goes out, and overwrites what others have changed.',
    {
      file: 'src/stages/build.ts',
      find: "format ? format.between(states) : ({ kind: 'patched', value: merged } as const)",
      put: "({ kind: 'patched', value: format ? said : merged } as const)",
    },
    {
      file: differences,
      test: 'keeps what others have changed, in the members that it changes, too',
    },
  ),
  careless(
    'first-names-only-ones-repeated',
    'A recipe changes another member on the newer state, and only the changed part of that is sent: the rest of a column is lost.',
    {
      file: 'src/stages/build.ts',
      find: 'asked: intent.format && write.state === undefined ? said : undefined',
      put: 'asked: intent.format ? said : undefined',
    },
    {
      file: differences,
      test: 'has a recipe made on the newer state, whatever members that changes',
    },
  ),
  careless(
    'difference-names-parts-of-members',
    'The first difference names a part of a column, and the server replaces the whole column by it.',
    {
      file: 'src/merge/patch-format.ts',
      find: 'const isWhole = shallow || asked === undefined;',
      put: 'const isWhole = shallow;',
    },
    {
      file: differences,
      test: 'keeps the rest of a column that it changes, whatever the server does with it',
    },
  ),
  careless(
    'difference-from-nothing',
    'Without a base, all members of the value go out as changes, and overwrite what others have changed.',
    {
      file: 'src/client/write-arguments.ts',
      find: 'resolveBase(base, method, url, content, route), route, tooDeep)?.();',
      put: 'resolveBase(base, method, url, content, route), route, tooDeep)?.() ?? {};',
    },
    {
      file: differences,
      test: 'writes nothing without what was read',
    },
  ),
  careless(
    'difference-names-a-version',
    'A value that holds another version than its base goes out as a change of the version.',
    {
      file: 'src/client/write-arguments.ts',
      find: "if (carrier.in === 'document') merged = carrier.put(merged,",
      put: "if (carrier.in === 'query') merged = carrier.put(merged,",
    },
    {
      file: differences,
      test: 'tests the version of the base in a JSON Patch, whatever version the value holds',
    },
  ),
  careless(
    'lost-difference-told-as-unknown',
    'A difference was made, its answer is lost, and the very state that it makes counts for nothing.',
    {
      file: 'src/recovery/write-id.ts',
      find: 'state: asContent(write.state ?? (',
      put: 'state: asContent((',
    },
    {
      file: differences,
      test: 'knows its own state again, by a merge that may not be repeated',
    },
  ),
  careless(
    'query-of-a-handle-dropped',
    'A handle reads and writes another resource than the one whose query it was given.',
    {
      file: 'src/client/create.ts',
      find: 'if (searchParams) url.search =',
      put: 'if (searchParams) url.hash =',
    },
    { file: 'test/client/queries.test.ts', test: 'has the query in every read and write' },
  ),
  careless(
    'queries-share-a-queue',
    'Updates of two resources that differ by their query travel in one write to one of them.',
    {
      file: 'src/client/queues.ts',
      find: 'const key = `${url.href}\\n${user}`;',
      put: 'const key = `${url.pathname}\\n${user}`;',
    },
    {
      file: 'test/client/queries.test.ts',
      test: 'is another resource than the same path under another query',
    },
  ),
  careless(
    'format-written-as-json',
    'After a conflict the merged value goes out as JSON, under the content type of another format.',
    {
      file: 'src/stages/build.ts',
      find: "return jsonFor(route, headers.get('content-type'));",
      put: "return jsonFor(route, headers.get('x'));",
    },
    { file: formats, test: 'merges values' },
  ),
  careless(
    'form-compared-with-json',
    'What a form says in texts is merged with what a read shows in numbers: each number was changed.',
    {
      file: 'src/recovery/intent.ts',
      find: "typeof state === 'string' ?",
      put: "typeof state === 'number' ?",
    },
    { file: formats, test: 'merges values' },
  ),
  careless(
    'format-remembered-as-text',
    'The base that a read showed is kept in another format than JSON, and found to be none.',
    {
      file: 'src/recovery/bases.ts',
      find: '(route.unwrap !== undefined || wire !== route)',
      put: '(route.unwrap !== undefined)',
    },
    { file: formats, test: 'has a wrapped fetch merge texts as values, and answer in texts' },
  ),
  careless(
    'format-answered-as-json',
    'A caller who wrote XML gets the state that the server has as JSON.',
    {
      file: 'src/shell/representation.ts',
      find: 'const body = wire === json ? content :',
      put: 'const body = wire ? content :',
    },
    { file: formats, test: 'has a wrapped fetch merge texts as values, and answer in texts' },
  ),
  careless(
    'old-version-in-a-format',
    'A value that holds another version than its base conflicts with it.',
    {
      file: 'src/recovery/under-base.ts',
      find: '...(state !== undefined && { state:',
      put: '...(state === null && { state:',
    },
    { file: formats, test: 'finds the version in a body, and puts it there' },
  ),
  careless(
    'written-as-it-was-read',
    'A server that takes forms gets JSON, as that is what it shows.',
    {
      file: 'src/client/resource-io.ts',
      find: 'route.writes ?? of.type',
      put: 'of.type',
    },
    { file: formats, test: 'reads and writes values, of the types that they are of' },
  ),
];
