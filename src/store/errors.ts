/** Why the database cannot be used. All of them are found at start, before the service listens. */
export type StoreErrorCode =
  /** Another running service holds this database. */
  | 'database-in-use'
  /** SQLite cannot open it, read it as a database, or write it. */
  | 'database-unusable'
  /** An applied migration's file is not what was applied. */
  | 'migration-edited'
  /** A migration failed, now or at an earlier start. */
  | 'migration-failed'
  /** The database has migrations that this version does not know. */
  | 'database-newer'
  /** An image is recorded but its file is gone or cut short. */
  | 'image-file-damaged';

/** A database that cannot be used as it is; the message says what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** `database-unusable`; `path` as the user gave it, `reason` a clause that says why and what to do. */
export function unusable(path: string, reason: string, options?: ErrorOptions): StoreError {
  return new StoreError('database-unusable', `${path} cannot be the database: ${reason}`, options);
}

/** Why SQLite refuses a file, for people. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message: string };
  if (code === 'SQLITE_NOTADB') {
    return 'it is a file of another kind, not an SQLite database; nothing was changed; give another path';
  }
  if (code === 'SQLITE_READONLY' || /: (14|23)$|unable to open/i.test(message)) {
    return 'file and directory cannot both be written by this user; change their permissions, or give another path';
  }
  return message;
}
