import { DatabaseSync } from 'node:sqlite';

/** A JSON object as it came over the wire. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** One document in one version. */
export interface Stored {
  readonly version: number;
  readonly body: JsonObject;
}

/** The versions a write may replace: these, or any. */
export type Expected = readonly number[] | 'any';

/** Documents with versions. A write returns the new version, or `undefined` where it did not apply. */
export interface Store {
  read(collection: string, id: string): Stored | undefined;
  create(collection: string, id: string, body: JsonObject): number | undefined;
  replace(collection: string, id: string, body: JsonObject, expected: Expected): number | undefined;
  remove(collection: string, id: string, expected: Expected): number | undefined;
  close(): void;
}

// A removed document keeps its row, with no body. Its version goes on counting when it is made again: if it began at 1
// once more, a client that still holds "v1" of the first life would overwrite the second one.
const schema = `
  CREATE TABLE IF NOT EXISTS document (
    collection TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT,
    PRIMARY KEY (collection, id)
  ) STRICT`;

const named = 'collection = :collection AND id = :id AND body IS NOT NULL';

// Compare and set in one statement. To read the version, compare it here in JavaScript and then write would be a race:
// a second server process on the same file could write between the two.
const compared = `${named} AND (:any OR version IN (SELECT value FROM json_each(:versions)))`;

const statements = {
  read: `SELECT version, body FROM document WHERE ${named}`,
  create: `
    INSERT INTO document (collection, id, version, body) VALUES (:collection, :id, 1, :body)
    ON CONFLICT DO UPDATE SET version = version + 1, body = excluded.body WHERE document.body IS NULL
    RETURNING version`,
  replace: `UPDATE document SET version = version + 1, body = :body WHERE ${compared} RETURNING version`,
  remove: `UPDATE document SET version = version + 1, body = NULL WHERE ${compared} RETURNING version`,
};

/** Opens a database file, or a database in memory (`:memory:`) that ends with the process. */
export function openStore(path: string): Store {
  // Another process may hold the write lock for a moment: wait for it rather than fail.
  const database = new DatabaseSync(path, { timeout: 5000 });
  preferWal(database);
  // What was acknowledged survives a power cut.
  database.exec('PRAGMA synchronous = FULL');
  database.exec(schema);
  const read = database.prepare(statements.read);
  const create = database.prepare(statements.create);
  const replace = database.prepare(statements.replace);
  const remove = database.prepare(statements.remove);

  const condition = (expected: Expected) => ({
    any: expected === 'any' ? 1 : 0,
    versions: JSON.stringify(expected === 'any' ? [] : expected),
  });
  const version = (row: object | undefined) => (row as { readonly version: number } | undefined)?.version;

  return {
    read(collection, id) {
      const row = read.get({ collection, id }) as
        { readonly version: number; readonly body: string } | undefined;
      return row && { version: row.version, body: JSON.parse(row.body) as JsonObject };
    },
    create: (collection, id, body) => version(create.get({ collection, id, body: JSON.stringify(body) })),
    replace: (collection, id, body, expected) =>
      version(replace.get({ collection, id, body: JSON.stringify(body), ...condition(expected) })),
    remove: (collection, id, expected) => version(remove.get({ collection, id, ...condition(expected) })),
    close: () => database.close(),
  };
}

/** With a write-ahead log a commit waits for the disk once, not three times, and readers don't wait for writers. */
function preferWal(database: DatabaseSync): void {
  try {
    database.exec('PRAGMA journal_mode = WAL');
  } catch {
    // 'database is locked', whatever the timeout: another process opens the same new file, and switches it. The mode is
    // the file's, so this connection gets it, too; and either mode is safe.
  }
}
