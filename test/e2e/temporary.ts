import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** The path of a database file that is gone when the test has ended. */
export async function temporaryFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'remerge-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, 'documents.sqlite');
}
