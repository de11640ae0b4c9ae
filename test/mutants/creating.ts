import type { Killer, Mutant } from './mutant.ts';

const single = 'test/presets/single.test.ts';
const newVersion = 'test/client/new-version.test.ts';

function careless(name: string, harm: string, edit: Mutant['edits'][number], killer: Killer): Mutant {
  return { name, harm, edits: [edit], killer };
}

/** What goes wrong where a server says in a version of its own that there is nothing, or shows nothing of what there is. */
export const creating: readonly Mutant[] = [
  careless(
    'nothing-taken-for-a-body',
    'A row that is gone is told as a body that is broken.',
    {
      file: 'src/shell/representation.ts',
      find: "if (by.unwrap?.(document) === absent) return { code: 'gone' };",
      put: '',
    },
    { file: 'test/client/nothing-there.test.ts', test: 'is gone for a read and for an update' },
  ),
  careless(
    'new-version-unsaid',
    'A create names no version, where the server would have refused to overwrite.',
    {
      file: 'src/recovery/creating.ts',
      find: 'return version === undefined ? undefined : read.map(',
      put: 'return version === undefined || read.length > 0 ? undefined : read.map(',
    },
    { file: newVersion, test: 'is carried by a create, and the next write goes on from what that made' },
  ),
  careless(
    'new-version-taken-for-stale',
    'A create that is refused is merged onto what exists, though nobody has asked for that.',
    {
      file: 'src/recovery/creating.ts',
      find: 'return version.every((part) => String(part) === String(create.version));',
      put: 'return version.every((part) => String(part) === String(create));',
    },
    {
      file: newVersion,
      test: 'has a create told that it exists, and overwrites nothing; or merges where the route says so',
    },
  ),
  careless(
    'post-always-creates',
    'A stale write by POST ends as if its resource had been in the way.',
    {
      file: 'src/recovery/creating.ts',
      find: "if (route.replace === 'POST') return !base && !version?.length;",
      put: '',
    },
    {
      file: single,
      test: 'changes by a POST under the version that was read, and merges where another was quicker',
    },
  ),
  careless(
    'large-file-taken-for-empty',
    'A file of more than 1 MB is overwritten by what was to be added to it.',
    {
      file: 'src/presets/github.ts',
      find: "|| body.encoding !== 'base64')",
      put: ')',
    },
    { file: single, test: 'takes no file for empty that is too large to be shown' },
  ),
];
