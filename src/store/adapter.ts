/** Prisma's libSQL adapter on connections of our own making. */
import type { Client, Config } from '@libsql/client';
import { PrismaLibSql } from '@prisma/adapter-libsql';
import type Database from 'libsql';
import { databasePath, OneConnection, openConnection } from './connection.ts';

export class SqliteAdapter extends PrismaLibSql {
  #open: Database.Database | undefined;

  /** Prisma's client gets `open` when it is given (the database of `url`), else a connection of its own. */
  constructor(url: string, open?: Database.Database) {
    super({ url });
    this.#open = open;
  }

  /** Called once by Prisma's client; again, with `:memory:`, when its migration engine wants a shadow database. */
  override createClient({ url }: Config): Client {
    const database = this.#open ?? openConnection(databasePath(url));
    this.#open = undefined;
    return new OneConnection(database);
  }
}
