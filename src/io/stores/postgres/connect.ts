import type { Pool, PoolClient } from 'pg';
import { SimcodeError } from '../../../errors.ts';

/** A statement that takes longer is given up; building an index of millions of vectors takes its time. */
const QUERY_TIMEOUT_MS = 3_600_000;
const CONNECT_TIMEOUT_MS = 60_000;
/** Searches under way at once, each on a connection of its own. */
export const CONNECTIONS = 4;

/** A database and what to call it. */
export interface Database {
  /** The address without password and parameters. */
  readonly location: string;
  /** Runs statements on one connection. Errors come as SimcodeError `store`. */
  use<T>(work: (client: PoolClient) => Promise<T>): Promise<T>;
  /** The same as one transaction: committed when the work is done, rolled back when it fails. */
  transaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * Connects to PostgreSQL when first used. Parameters of the address (`?sslmode=verify-full`) and PG* variables are those of `pg`.
 * @throws SimcodeError `bad-option` for an address that is none, `missing-dependency` without the package `pg`
 */
export async function openDatabase(address: string): Promise<Database> {
  const location = describe(address);
  const pool = await createPool(address);
  // a connection that breaks while idle is replaced by the next
  pool.on('error', () => undefined);
  const use: Database['use'] = async (work) => {
    let client: PoolClient | undefined;
    try {
      client = await pool.connect();
      const result = await work(client);
      client.release();
      return result;
    } catch (cause) {
      // a connection in an unknown state is not used again
      client?.release(true);
      throw storeError(location, cause);
    }
  };
  return {
    location, use,
    transaction: (work) => use(async (client) => {
      await client.query('begin');
      try {
        const result = await work(client);
        await client.query('commit');
        return result;
      } catch (cause) {
        await client.query('rollback').catch(() => undefined);
        throw cause;
      }
    }),
    close: () => pool.end(),
  };
}

/** The address without what is secret. */
function describe(address: string): string {
  if (!URL.canParse(address)) throw new SimcodeError('bad-option', 'The address of the store is no URL', { hint: 'For example: postgres://user@host:5432/database (special characters of a password are percent-encoded)' });
  const { username, host, pathname } = new URL(address);
  return `postgres://${username === '' ? '' : `${username}@`}${host}${pathname}`;
}

async function createPool(connectionString: string): Promise<Pool> {
  const pg = await import('pg').catch((cause: unknown) => {
    throw new SimcodeError('missing-dependency', 'A PostgreSQL store needs the package pg, which is not installed', { hint: 'npm install pg@8', cause });
  });
  return new pg.default.Pool({
    connectionString, max: CONNECTIONS, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, query_timeout: QUERY_TIMEOUT_MS, keepAlive: true, application_name: 'simcode',
  });
}

const HINTS: Readonly<Record<string, string>> = {
  '28P01': 'Check user and password; PGPASSWORD and ~/.pgpass are read.',
  '28000': 'Check the user; the server\'s pg_hba.conf says who may come in.',
  '3D000': 'Create the database first: createdb <name>',
  '42501': 'The user needs the right to create a schema in the database; the extension vector may have to be created by its owner.',
  '0A000': 'Install pgvector 0.7 or later on the server: https://github.com/pgvector/pgvector',
  '58P01': 'Install pgvector 0.7 or later on the server: https://github.com/pgvector/pgvector',
  '53300': 'The server has no connection left; try again.',
};

function storeError(location: string, cause: unknown): unknown {
  if (cause instanceof SimcodeError || cause instanceof RangeError) return cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const sqlstate = /^[0-9FHPX][0-9A-Z]{4}$/.test(code);
  const reason = cause instanceof AggregateError ? code : cause instanceof Error ? cause.message : String(cause);
  return new SimcodeError('store', `The store ${location} failed: ${reason}`, {
    hint: HINTS[code] ?? (sqlstate ? 'PostgreSQL 14 or later with pgvector 0.7 or later is needed.' : 'Is the server up, and are host, port and database right?'), cause,
  });
}
