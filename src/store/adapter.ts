/** Prisma's libSQL adapter on connections of our own making. */
import type { Client, Config } from '@libsql/client';
import { PrismaLibSql } from '@prisma/adapter-libsql';
import type Database from 'libsql';
import { databasePath, OneConnection, openConnection } from './connection.ts';

/** Opens a connection whenever Prisma asks for one: its migration engine wants shadow databases too. */
export class SqliteAdapter extends PrismaLibSql {
  override createClient({ url }: Config): Client {
    return new OneConnection(openConnection(databasePath(url)));
  }
}

/** Hands Prisma's client one open connection, once: a query after the client's end must not open another. */
export class OpenSqliteAdapter extends PrismaLibSql {
  #connection: Database.Database | undefined;

  constructor(connection: Database.Database) {
    super({ url: 'file:' });
    this.#connection = connection;
  }

  override createClient(): Client {
    const connection = this.#connection;
    if (!connection) throw new Error('the database is closed');
    this.#connection = undefined;
    return new OneConnection(connection);
  }
}
