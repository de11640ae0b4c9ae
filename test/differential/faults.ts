import { fault, mutant, type Machine, type Planted } from '../mutants/hunt.ts';

/** Calls beside the same calls without remerge, as what looks for faults. */
export function calls({ calls, seed }: { readonly calls: number; readonly seed: string }): Machine {
  const order = ['--calls', String(calls), '--seed', seed];
  const command = (kind: string): readonly string[] => [
    '--no-warnings',
    'test/differential/main.ts',
    ...order,
    '--until',
    kind,
  ];
  return { unit: 'calls', runs: calls, command };
}

const request = 'src/shell/request.ts';
const watch = 'src/shell/watch.ts';

/** Every fault that has to be found within 5,000 calls. */
export const planted: readonly Planted[] = [
  mutant('init-by-its-own-members', 'fetch, '),
  fault('null-is-an-init', 'A call whose init is null fails.', 'fetch, ', {
    file: request,
    find: 'if (init === null || init === undefined) return undefined;',
    put: 'if (init === undefined) return undefined;',
  }),
  fault('methods-are-texts', 'A method that is no text fails.', 'fetch, ', {
    file: request,
    find: 'String(method).toUpperCase()',
    put: '(method as string).toUpperCase()',
  }),
  fault('methods-of-nobody', 'A method of an answer works on anything.', 'fetch, looked at', {
    file: watch,
    find: 'if (!watcher) return theirs.json.call(this);',
    put: "if (!watcher) return '';",
  }),
  fault('iterated-twice', 'Headers that can be iterated only once are lost.', 'fetch, ', {
    file: request,
    find: "isIterator(value) && name === 'headers' ? [...value] : value;",
    put: 'value;',
  }),
  fault('read-before-it-is-sent', 'A stream that stalls is never sent.', 'fetch, ', {
    file: request,
    find: 'const isSent = !isFirst && !signal.aborted;',
    put: 'const isSent = !isFirst && isFirst && !signal.aborted;',
  }),
  fault('stream-left-open', 'A stream that is not sent stays open.', 'fetch, ', {
    file: 'src/stages/send.ts',
    find: 'if (signal.aborted && isStream(source)) letGo(source, signal.reason);',
    put: 'if (!signal && isStream(source)) letGo(source, signal);',
  }),
  fault('refused-call-looked-into', 'What fetch refuses by itself is looked into.', 'fetch, ', {
    file: 'src/shell/unsent.ts',
    find: 'if (!/^https?:$/.test(url.protocol) || blocked.test(url.port)) return true;',
    put: 'if (blocked.test(url.protocol)) return true;',
  }),
  fault('waits-with-what-never-left', 'What can’t be sent rejects later than by fetch.', 'fetch, waits', {
    file: request,
    find: 'isNoRequest(failure, write) ? undefined : answered();',
    put: 'isNoRequest(failure, write) ? answered() : answered();',
  }),
  fault('any-signal', 'A signal that is none is refused in other words.', 'fetch, error', {
    file: 'src/write.ts',
    find: "!('aborted' in Object(signal))",
    put: "!('aborted' in AbortSignal.prototype)",
  }),
  fault('cause-forgotten', 'An error doesn’t say what the send rejected with.', 'fetch, recovered', {
    file: 'src/recover.ts',
    find: 'return at.cause === undefined ? failure : { ...failure, cause: at.cause };',
    put: 'return failure;',
  }),
  fault('members-of-ours', 'A copy of an answer has members that are no server’s.', 'fetch, ', {
    file: watch,
    find: 'Reflect.setPrototypeOf(response, ours)',
    put: 'Boolean(Object.assign(Object.setPrototypeOf(response, ours), { ours }))',
  }),
  fault('blob-without-a-type', 'A blob has another type than by fetch.', 'fetch, looked at', {
    file: watch,
    find: 'noticed(this, theirs.blob.call(this),',
    put: 'noticed(this, own.arrayBuffer.call(this).then((all) => new Blob([all])),',
  }),
  fault('responses-alone', 'An answer that is only like a Response fails.', 'fetch, ', {
    file: watch,
    find: 'if (!needed.every((name) => name in theirs)) return undefined;',
    put: 'if (needed.length === 0) return undefined;',
  }),
  fault(
    'copies-tell-nothing',
    'A copy of an answer doesn’t tell how its write came out.',
    'conflict, conflict: a copy',
    {
      file: watch,
      find: 'Object.assign(attach(copy), attachedTo(this));',
      put: 'Object.assign(attach(copy), { ...attachedTo(this), record: undefined });',
    },
  ),
  fault(
    'hooks-see-no-version',
    'A copy that a hook sends overwrites what others have written.',
    'conflict, ',
    {
      file: 'src/client/precondition-hook.ts',
      find: 'if (base === undefined) return undefined;',
      put: 'if (base === undefined || placed) return undefined;',
    },
  ),
  fault('null-is-json', 'json(null) of a client makes something of what ky refuses.', 'client, ', {
    file: 'src/client/ky-response.ts',
    find: 'const value: unknown = await (schema === undefined ? json() : json(schema));',
    put: 'const value: unknown = await (schema == null ? json() : json(schema));',
  }),
  fault(
    'copied-before-it-is-text',
    'stringifyJson is given another object than the caller gave.',
    'client, noted',
    {
      file: 'src/client/ky-options.ts',
      find: 'all.json = own.json ?? json;',
      put: 'all.json = structuredClone(own.json ?? json);',
    },
  ),
];
