import type { Killer, Mutant } from './mutant.ts';

const success = 'test/recovery/success-status.test.ts';
const token = 'test/recovery/token.test.ts';
const several = 'test/recovery/representations.test.ts';
const absent = 'test/recovery/absent-version.test.ts';
const unseen = 'test/recovery/write-only.test.ts';

function misread(name: string, harm: string, edit: Mutant['edits'][number], killer: Killer): Mutant {
  return { name, harm, edits: [edit], killer };
}

/** What goes wrong where an answer means something else than its status says, or shows another representation. */
export const answers: readonly Mutant[] = [
  misread(
    'success-is-conflict',
    'A write that the server took is read, merged and written again, because its status is listed.',
    {
      file: 'src/core/verdict.ts',
      find: "if (verdict === 'final' || (!verdict && status < 300))",
      put: "if (verdict === 'final')",
    },
    {
      file: success,
      test: 'else is a success, whose body the caller reads, and whose state is a base to come',
    },
  ),
  misread(
    'part-forgotten',
    'What was made of a batch is made once more by a merge that adds up.',
    {
      file: 'src/stages/classify.ts',
      find: "const part = verdict === 'partial' ? { ...sent, isPart: true } : undefined;",
      put: 'const part = undefined as Prepared | undefined;',
    },
    {
      file: 'test/recovery/bulk.test.ts',
      test: 'ends as unknown where a second merge could do harm, and says that some of it may have been made',
    },
  ),
  misread(
    'success-taken-for-key',
    'A merged write has the key of one that was answered by a success, and is answered the same again.',
    {
      file: 'src/stages/build.ts',
      find: ' || isAnswered;',
      put: ';',
    },
    { file: success, test: 'is not sent again by its key: the answer would be the same' },
  ),
  misread(
    'refusal-resolves',
    'A client resolves for a write that was not made, because the status says 200.',
    {
      file: 'src/client/ky-response.ts',
      find: 'if (answer.ok && kyOptions.throwHttpErrors',
      put: 'if (!answer.ok && kyOptions.throwHttpErrors',
    },
    { file: 'test/recovery/bulk.test.ts', test: 'is an error of a client, whatever its status says' },
  ),
  misread(
    'token-again',
    'A token that the server refuses is sent again until the limit is used up.',
    {
      file: 'src/stages/classify.ts',
      find: 'if (headers.get(token) === fresh)',
      put: "if (fresh === '')",
    },
    { file: token, test: 'that shows the token which it refuses ends as no progress' },
  ),
  misread(
    'any-representation',
    'A re-read shows another representation than the one that is written, under a tag of its own.',
    {
      file: 'src/shell/transport.ts',
      find: "(headers.get('accept') ?? '*/*') === '*/*'",
      put: "headers.get('accept') === '-'",
    },
    { file: several, test: 'merges with the one that is written, under its own tag' },
  ),
  misread(
    'mixed-types',
    'A merge takes a state of another content type for its base.',
    {
      file: 'src/shell/memory.ts',
      find: 'return known.isOnly || mediaType(known.type) === type ?',
      put: 'return known.isOnly || type ?',
    },
    { file: several, test: 'are unknown rather than mixed' },
  ),
  misread(
    'mixed-languages',
    'A merge takes a state in another language for its base.',
    {
      file: 'src/recovery/bases.ts',
      find: "const language = headers.get('accept-language');",
      put: 'const language = headers && null;',
    },
    { file: several, test: 'are unknown in a language that was not read' },
  ),
  misread(
    'base-creates',
    'A write that forgot its version ends as if it had asked for something new.',
    {
      file: 'src/recovery/creating.ts',
      find: 'method === route.replace && !base)',
      put: 'method === route.replace)',
    },
    { file: absent, test: 'begins with a read if it names its base: it has only forgotten the version' },
  ),
  misread(
    'compared-whole',
    'A write that was made is not found again, as it says more than the server shows.',
    {
      file: 'src/recovery/write-id.ts',
      find: 'return withoutMembers(left, [...readOnly, ...writeOnly, ...annotations]);',
      put: 'return withoutMembers(left, [...readOnly]);',
    },
    {
      file: 'test/recovery/write-only.test.ts',
      test: 'is found to be made by what the server does show',
    },
  ),
  misread(
    'comment-dropped',
    'A comment is dropped, as the rest of the ticket is what the server shows.',
    {
      file: 'src/stages/build.ts',
      find: 'const isSame = sameState(route, merged, remote) && !saysUnseen(route, merged, remote);',
      put: 'const isSame = sameState(route, merged, remote) || saysUnseen(route, merged, merged);',
    },
    { file: unseen, test: 'is written though a merge comes to what the server shows, and once' },
  ),
  misread(
    'comment-posted-twice',
    'A comment whose answer was lost is posted once more, as its merge may be repeated.',
    {
      file: 'src/stages/weigh.ts',
      find: 'if (latest && inDoubt.some(',
      put: 'if (latest && [latest, ...inDoubt].length < 2 && inDoubt.some(',
    },
    { file: unseen, test: 'is not found by a state that was there before, and not posted twice' },
  ),
  misread(
    'comment-proven-by-nothing',
    'A comment that was lost is told as posted, as the ticket is what it was before.',
    {
      file: 'src/stages/weigh.ts',
      find: 'if (!saysUnseen(route, made, before)) return true;',
      put: 'if (!saysUnseen(route, made, before) || made !== undefined) return true;',
    },
    { file: unseen, test: 'is not found by a state that was there before, and not posted twice' },
  ),
  misread(
    'refusal-under-success-taken',
    'A write that the server refused by a 200 is told as made.',
    {
      file: 'src/stages/classify.ts',
      find: "if (verdict === 'final' && response.ok) return",
      put: "if (verdict === 'final' && !response.ok) return",
    },
    {
      file: 'test/recovery/no-progress.test.ts',
      test: 'refuses what it calls final under a success, and tells nobody that it was written',
    },
  ),
  misread(
    'busy-create-given-up',
    'What the server asks to create again is not created.',
    {
      file: 'src/stages/classify.ts',
      find: 'return busy.inDoubt ? busy : { ...busy, canResend: true };',
      put: 'return busy;',
    },
    { file: 'test/presets/single.test.ts', test: 'creates what it was asked to try again, once' },
  ),
  misread(
    'managed-members-merged',
    'A member that the server manages is a conflict, as if somebody had edited it.',
    {
      file: 'src/stages/align.ts',
      find: "const managed = route.means === 'actions' ? [] : (route.readOnly ?? []);",
      put: "const managed = route.means === 'actions' ? [] : (route.readOnly ?? []).slice(0, 0);",
    },
    {
      file: 'test/recovery/read-only.test.ts',
      test: 'meets no conflict there: the members are the server’s, whatever a form says of them',
    },
  ),
  misread(
    'managed-members-prove',
    'A write that was made is not found again, as the server stamps each write.',
    {
      file: 'src/recovery/write-id.ts',
      find: 'return withoutMembers(left, [...readOnly, ...writeOnly, ...annotations]);',
      put: 'return withoutMembers(left, [...readOnly.slice(0, 0), ...writeOnly, ...annotations]);',
    },
    {
      file: 'test/recovery/read-only.test.ts',
      test: 'is known to be made where the route names the stamp, and else in doubt',
    },
  ),
];
