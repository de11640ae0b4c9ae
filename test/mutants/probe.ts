import type { Mutant } from './mutant.ts';

const file = 'test/probe/probe.test.ts';

function mistaken(name: string, harm: string, edit: Mutant['edits'][number], test: string): Mutant {
  return { name, harm, edits: [edit], killer: { file, test } };
}

/** What a probe could get wrong about a server, or do to it. */
export const probes: readonly Mutant[] = [
  mistaken(
    'right-version-asked',
    'A probe asks with the right version, and calls every server unprotected.',
    {
      file: 'src/core/wrong-version.ts',
      find: 'const withPart = (part: VersionPart): Version => version.with(wrong, part);',
      put: 'const withPart = (_: VersionPart): Version => version.with(wrong, right);',
    },
    'is told by its refusal of a wrong one, and nothing is written',
  ),
  mistaken(
    'no-version-asked',
    'A probe sends no version, and calls a server unprotected that only lets writes without one pass.',
    {
      file: 'src/probe/test-write.ts',
      find: 'putVersion(route.version, version, parts);',
      put: 'putVersion(route.version, parts.document ? version : undefined, parts);',
    },
    'is told by its refusal of a wrong one, and nothing is written',
  ),
  mistaken(
    'one-part-is-enough',
    'A server that looks at one of two parts passes for one that protects.',
    {
      file: 'src/probe/probe.ts',
      find: "[\n  'ignored',",
      put: "[\n  'checked',\n  'ignored',",
    },
    'has each part of a version looked at, as one that is not is enough',
  ),
  mistaken(
    'any-refusal-is-a-check',
    'A server that refuses all writes, for want of rights, passes for one that protects.',
    {
      file: 'src/probe/test-write.ts',
      find: "precondition: isStale ? 'checked' :",
      put: "precondition: isStale || !ok ? 'checked' :",
    },
    'is told for what it is: %i',
  ),
  mistaken(
    'rewritten-by-the-probe',
    'A probe writes the state as it would write JSON, and so changes the bytes of a document.',
    {
      file: 'src/probe/test-write.ts',
      find: 'const isAsRead = !body && !inBody && wire === route;',
      put: 'const isAsRead = !body && inBody && wire === route;',
    },
    'is told: nothing protects a write',
  ),
  mistaken(
    'merges-by-itself-unseen',
    'A wiki, which merges by itself, passes for a server that protects nothing.',
    {
      file: 'src/probe/probe.ts',
      find: 'taken && unknown && isTaken(taken) ?',
      put: 'taken && unknown && !isTaken(taken) ?',
    },
    'is known by a version that never was, as it takes an older one',
  ),
];
