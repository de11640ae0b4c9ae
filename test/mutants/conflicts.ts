import type { Killer, Mutant } from './mutant.ts';

const conflict = 'test/recovery/conflict.test.ts';
const underVersion: Killer = {
  file: conflict,
  test: 'is merged onto the latest state and sent under its version, with one read between',
};

/** What goes wrong between a conflict and the next write. */
export const conflicts: readonly Mutant[] = [
  {
    name: 'if-match-dropped',
    harm: 'A write that is sent again replaces whatever is there.',
    edits: [
      {
        file: 'src/core/precondition.ts',
        find: 'else fields.set(carrier.name, prefix + String(part));',
        put: 'else fields.delete(carrier.name);',
      },
    ],
    killer: underVersion,
  },
  {
    name: 'old-tag-reused',
    harm: 'A write is sent again under the version that was refused, until its limit is used up.',
    edits: [
      {
        file: 'src/stages/build.ts',
        find: 'document: putVersion(route.version, latest.version, parts)',
        put: 'document: (void putVersion, parts.document)',
      },
    ],
    killer: underVersion,
  },
  {
    name: 'version-renewed-in-one-place-only',
    harm: 'A server that reads another place sees the old version, or answers 400 as they disagree.',
    edits: [
      {
        file: 'src/core/precondition.ts',
        find: '    if (part === undefined) return;',
        put: '    if (part === undefined || index > 0) return;',
      },
    ],
    killer: {
      file: 'test/recovery/versions.test.ts',
      test: 'is renewed in every place that carries it, at once',
    },
  },
  {
    name: 'cache-mode-default',
    harm: 'A merge onto a stale copy of a cache.',
    edits: [{ file: 'src/shell/transport.ts', find: "cache: 'no-store',", put: "cache: 'default'," }],
    killer: { file: conflict, test: 'passes every cache, and leaves behind what belongs to the write' },
  },
  {
    name: 'wait-after-the-read',
    harm: 'What was read is old when it is written: under contention twice the writes.',
    edits: [
      {
        file: 'src/stages/read/read.ts',
        find: 'const first = await look(url, intent, call);',
        put: `const first = await look(url, intent, call);
  await pause(call, journal.attempt + 1, waitFor(call, journal.attempt));`,
      },
    ],
    killer: {
      file: conflict,
      test: 'waits first, reads then, and writes at once, with nothing between read and write',
    },
  },
  {
    name: 'key-kept-after-a-merge',
    harm: 'The server takes new bytes for the old request, and answers what it answered before.',
    edits: [
      {
        file: 'src/shell/transport.ts',
        find: 'if (key) headers.set(name,',
        put: "if (key === '') headers.set('idempotency-key',",
      },
    ],
    killer: { file: conflict, test: 'gets a new idempotency key, and loses its digests, with new bytes' },
  },
  {
    name: 'schema-output-written',
    harm: 'What a schema strips or converts is lost at the server.',
    edits: [
      {
        file: 'src/stages/build.ts',
        find: 'const content = contentOf(kind, document, route);\n  if (content === undefined) {',
        put: `const checked = await route.schema?.['~standard'].validate(document);
  const content = contentOf(kind, checked && 'value' in checked ? checked.value : document, route);
  if (content === undefined) {`,
      },
    ],
    killer: {
      file: 'test/recovery/merge.test.ts',
      test: 'writes what the merge made, not what the schema makes of it',
    },
  },
  {
    name: 'clone-for-value',
    harm: 'A copy of a body is held whole, however long it is.',
    edits: [
      {
        file: 'src/shell/request.ts',
        find: 'readCapped(copy, maxBytes, isOver)',
        put: '(void [readCapped, isOver], copy.arrayBuffer().then((all) => new Uint8Array(all)))',
      },
    ],
    killer: {
      file: 'test/recovery/drop-in.test.ts',
      test: 'is what a Request longer than the cap has, which is sent whole',
    },
  },
  {
    name: 'read-from-a-clone',
    harm: 'Every body that is read is held twice: once for the reader, once for the base.',
    edits: [
      {
        file: 'src/shell/watch.ts',
        find: 'noticed(this, theirs.text.call(this), (text) => text)',
        put: 'noticed(this, theirs.clone.call(this).text(), (text) => text)',
      },
    ],
    killer: { file: 'test/recovery/drop-in.test.ts', test: 'gives back the very response of a read' },
  },
  {
    name: 'body-by-reference',
    harm: 'What the caller changes after the call is written.',
    edits: [
      {
        file: 'src/shell/body.ts',
        find: 'new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice()',
        put: 'new Uint8Array(body.buffer as ArrayBuffer, body.byteOffset, body.byteLength)',
      },
    ],
    killer: { file: 'test/recovery/drop-in.test.ts', test: 'is written as it was' },
  },
  {
    name: 'redirect-followed-by-a-write',
    harm: 'Credentials, keys and the body reach another origin.',
    edits: [
      {
        file: 'src/shell/transport.ts',
        find: "{ ...write.rest, redirect: 'manual' }",
        put: '{ ...write.rest }',
      },
    ],
    killer: {
      file: 'test/recovery/network.test.ts',
      test: 'follows no %i to another origin, neither to read nor to write',
    },
  },
  {
    name: 'redirect-followed-by-a-read',
    harm: 'Credentials reach another origin, and its answer is merged.',
    edits: [
      {
        file: 'src/shell/transport.ts',
        find: "    redirect: 'manual',\n    signal,",
        put: '    signal,',
      },
    ],
    killer: {
      file: 'test/recovery/network.test.ts',
      test: 'follows no %i to another origin, neither to read nor to write',
    },
  },
  {
    name: 'retry-on-no-progress',
    harm: 'A loop where the version is not what the server minds.',
    edits: [
      {
        file: 'src/recovery/moved.ts',
        find: 'if (refused.length > 0) return !sameVersion(refused, remote.version);',
        put: 'if (refused.length > 0) return Boolean(sameVersion) || true;',
      },
    ],
    killer: {
      file: 'test/recovery/no-progress.test.ts',
      test: 'ends after one more read, with the server’s own answer, and nothing is merged or written',
    },
  },
  {
    name: 'base-moves-on',
    harm: 'At the second conflict the edits of others are taken for the caller’s, or are lost.',
    edits: [
      {
        file: 'src/recover.ts',
        find: '    const aligned = align(intent, latest, route);',
        put: `    const seen = trouble.kind === 'conflict' ? trouble.latest : undefined;
    const moving = seen ? { ...intent, base: () => route.parseJson(String(seen.content)) } : intent;
    const aligned = align(moving, latest, route);`,
      },
    ],
    killer: { file: conflict, test: 'merges each time from the same base and local, onto the newest remote' },
  },
];
