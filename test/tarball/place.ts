import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { home, succeed } from './programs.ts';

/** Where a run works: a folder outside of the repository, and the packed remerge in it. */
export interface Place {
  readonly folder: string;
  readonly tarball: string;
}

/** Packs remerge as it is published. */
export async function pack(folder: string): Promise<Place> {
  const root = join(home, '../..');
  const packed = await succeed('npm', ['pack', '--json', '--silent', '--pack-destination', folder], root);
  const [, name] = /"filename": "([^"]+)"/.exec(packed) ?? [];
  if (name === undefined) throw new Error(`npm pack named no file:\n${packed}`);
  // What the projects have in common. It imports nothing.
  await cp(join(home, 'projects/writes.js'), join(folder, 'writes.js'));
  return { folder, tarball: join(folder, name) };
}

const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];

/** Makes a fresh project of the files in `projects`, with the tarball installed as a user does. Gives its folder. */
export async function project({ folder, tarball }: Place, name: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  await cp(join(home, 'projects', name), path, { recursive: true });
  await writeFile(join(path, 'package.json'), JSON.stringify({ name, private: true, type: 'module' }));
  await succeed('npm', ['install', ...flags, tarball], path);
  return path;
}
