/**
 * At most one service per database file: sequences are numbered in memory, and recovery at start ends whatever is
 * open. The lock is SQLite's own exclusive lock on an empty database beside the real one, so the operating system
 * frees it however the process ends, and other programs may still read the real one.
 */
import Database from 'libsql';
import { reasonOf, StoreError, unusable } from './errors.ts';

const WAIT_MS = 500;

function openLock(path: string): Database.Database {
  try {
    return new Database(`${path}-lock`, { timeout: WAIT_MS });
  } catch (cause) {
    throw unusable(path, reasonOf(cause), { cause });
  }
}

/** Take the lock of a database file; the result gives it back. Throws `database-in-use` and `database-unusable`. */
export function lockDatabase(path: string): () => void {
  const lock = openLock(path);
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    if ((cause as { code?: string }).code !== 'SQLITE_BUSY') throw unusable(path, reasonOf(cause), { cause });
    throw new StoreError(
      'database-in-use',
      `${path} is in use by another running service; stop that one, or give this one another database file`,
      { cause },
    );
  }
  return () => {
    lock.exec('ROLLBACK');
    lock.close();
  };
}
