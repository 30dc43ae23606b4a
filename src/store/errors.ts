/** Why the database cannot be used. All of them are found at start, before the service listens. */
export type StoreErrorCode =
  /** Another running service holds this database. */
  | 'database-in-use'
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
