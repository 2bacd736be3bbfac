import { Option } from '@commander-js/extra-typings';
import { SimcodeError } from '../errors.ts';
import type { VectorStore } from '../store/port.ts';

/** What `--store` takes. */
export const PLACES = 'a folder, postgres://user@host:port/database or weaviate://host:port,host:port,host:port';
/** A scheme of two letters or more: `C:\store` is a folder. */
const SCHEME = /^([a-z][a-z0-9+.-]+):\/\//i;

/** `--store` of commands that can do nothing without one. */
export function storeOption(): Option<'--store <where>', undefined, undefined, undefined, true> {
  return new Option('--store <where>', `the store: ${PLACES}`).makeOptionMandatory();
}

/**
 * Opens the store at a place. The caller closes it.
 * @throws SimcodeError `bad-option` for a place of an unknown kind
 */
export async function openStore(where: string): Promise<VectorStore> {
  const scheme = SCHEME.exec(where)?.[1]?.toLowerCase();
  if (scheme === undefined) return (await import('../io/stores/folder.ts')).openFolderStore(where);
  if (scheme === 'postgres' || scheme === 'postgresql') return (await import('../io/stores/postgres/store.ts')).openPostgresStore(where);
  if (scheme === 'weaviate' || scheme === 'weaviates') return (await import('../io/stores/weaviate/store.ts')).openWeaviateStore(where, process.env['SIMCODE_STORE_KEY'] || undefined);
  throw new SimcodeError('bad-option', `There are no stores of kind ${scheme}://`, { hint: 'A store is a folder, postgres://user@host:port/database or weaviate://host:port,host:port.' });
}

/** Opens a store for a piece of work and closes it whatever comes of it. */
export async function withStore<T>(where: string, work: (store: VectorStore) => Promise<T>): Promise<T> {
  const store = await openStore(where);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
