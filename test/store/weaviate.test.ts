import { afterEach, describe, expect, it } from 'vitest';
import { openWeaviateStore } from '../../src/io/stores/weaviate/store.ts';
import { buildPacks } from '../../src/store/build.ts';
import { loadRepositories } from '../../src/store/load.ts';
import { storeNeighbors } from '../../src/store/neighbors.ts';
import type { Pack, VectorStore } from '../../src/store/port.ts';
import { FakeWeaviate } from './fake-weaviate.ts';
import { infoOf, model, putToy, toyFunctions } from './functions.ts';

const running: FakeWeaviate[] = [];
async function start(nodes = 3): Promise<FakeWeaviate> {
  const cluster = await FakeWeaviate.start(nodes);
  running.push(cluster);
  return cluster;
}
afterEach(async () => {
  for (const cluster of running.splice(0)) await cluster.stop();
});
const functionsOf = async (store: VectorStore): Promise<number> => (await loadRepositories(store, [], model)).chunks.length;
const codes = async (store: VectorStore): Promise<string[]> => (await store.check()).map(({ code, message }) => `${code}: ${message.replace(/^The store \S+ /, '')}`);
const failure = (work: Promise<unknown>): Promise<string> => work.then(() => 'none', (error: Error & { hint?: string }) => `${error.message} | ${error.hint ?? ''}`);

describe('a store in Weaviate', () => {
  it('keeps, replaces and removes repositories; vectors go with the last pack that holds them', async () => {
    const cluster = await start();
    const store = openWeaviateStore(cluster.url, undefined);
    expect([await store.repositories(), await store.remove('a'), await store.check()]).toEqual([[], false, []]);
    const packs = await putToy(store, 'a', 600);
    await putToy(store, 'b', 600);
    const distinct = new Set(packs.flatMap(({ vectors }) => vectors.map(({ id }) => id))).size;
    expect([cluster.countOf('SimcodePacks'), cluster.countOf('SimcodeVectors8'), await functionsOf(store)]).toEqual([4, distinct, 1200]);
    expect(await store.bytes('a')).toBe(packs.reduce((sum, { bytes }) => sum + bytes.length, 0));
    await putToy(store, 'b', 600);
    expect([cluster.countOf('SimcodePacks'), cluster.countOf('SimcodeVectors8')]).toEqual([4, distinct]);
    expect([await store.remove('a'), await store.remove('a')]).toEqual([true, false]);
    await store.settle();
    expect([cluster.countOf('SimcodePacks'), cluster.countOf('SimcodeVectors8'), await functionsOf(store)]).toEqual([2, distinct, 600]);
    await putToy(store, 'b', 3, 2);
    expect([cluster.countOf('SimcodePacks'), cluster.countOf('SimcodeVectors8'), await codes(store)]).toEqual([1, 3, []]);
    await expect(store.put(infoOf('c', 1, { ...model, revision: '2' }), [])).rejects.toThrow(/holds vectors of toy \(1, 8 dimensions\), not of toy \(2/);
  });

  it('finds the nearest vectors and who holds them', async () => {
    const store = openWeaviateStore((await start()).url, undefined);
    const vectors = (await putToy(store, 'a', 600)).flatMap((pack) => pack.vectors);
    for (const known of [true, false]) {
      const found = await store.search?.nearest(vectors.slice(0, 20), 5, known) ?? [];
      for (const [i, hits] of found.entries()) {
        const own = vectors[i]?.values ?? new Float32Array();
        const exact = vectors.map(({ values }) => values.reduce((sum, value, dim) => sum + value * (own[dim] ?? 0), 0)).toSorted((x, y) => y - x);
        for (const [at, { cosine }] of hits.entries()) expect(cosine).toBeCloseTo(exact[at] ?? 0, 5);
      }
    }
    expect((await store.search?.holders([vectors[0]?.id ?? '', vectors[599]?.id ?? '']))?.map(({ repository }) => repository)).toEqual(['a', 'a']);
  });

  it('wants three replicas and asynchronous repair, unless told what is at stake', async () => {
    const lone = await start(1);
    expect(await failure(putToy(openWeaviateStore(lone.url, undefined), 'a', 3))).toMatch(/3 replicas need 3 nodes; the cluster .* has 1 \| Add nodes; or add \?replicas=1/);
    const store = openWeaviateStore(`${lone.url}/?replicas=1`, undefined);
    await putToy(store, 'a', 3);
    expect(await codes(store)).toEqual(['store-not-durable: keeps one copy: what is on a node that is gone may be gone']);
    const careless = await start();
    for (const [asyncEnabled, deletionStrategy, message] of [
      [false, 'TimeBasedResolution', /has 3 copies and no asynchronous repair; wanted are 3, asynchronous repair and TimeBasedResolution \| Set its replicationConfig/],
      [true, 'NoAutomatedResolution', /has 3 copies and deletions resolved by NoAutomatedResolution; wanted/],
    ] as const) {
      careless.classes.set('SimcodeVectors8', { class: 'SimcodeVectors8', replicationConfig: { factor: 3, asyncEnabled, deletionStrategy } });
      expect(await failure(putToy(openWeaviateStore(careless.url, undefined), 'a', 3))).toMatch(message);
    }
  });

  it('goes on without a node, says so, and notices what it missed when it comes back', async () => {
    const cluster = await start();
    const store = openWeaviateStore(cluster.url, undefined);
    await putToy(store, 'a', 100);
    await cluster.kill(2);
    const vectors = (await putToy(store, 'b', 300, 5)).flatMap((pack) => pack.vectors);
    expect(await functionsOf(store)).toBe(400);
    expect((await codes(store)).join('\n')).toMatch(/store-degraded: is degraded: node-2 of 3 nodes is gone\nstore-degraded: is degraded: 127\.0\.0\.1:\d+ does not answer/);
    await cluster.revive(2);
    expect(await functionsOf(store)).toBe(400);
    expect((await codes(store)).join('\n')).toMatch(/lacks 300 of 400 objects of SimcodeVectors8 that other nodes have/);
    // the node answers, with what it has
    const late = openWeaviateStore(`weaviate://127.0.0.1:${cluster.nodes[2]?.port ?? 0},127.0.0.1:${cluster.nodes[0]?.port ?? 0}`, undefined);
    const found = await late.search?.nearest(vectors, 5, true) ?? [];
    expect(found.every((hits, i) => hits.some(({ id }) => id === vectors[i]?.id) && hits.length === 5)).toBe(true);
    cluster.repair();
    expect(await codes(store)).toEqual([]);
  });

  it('takes vectors of other dimensions once it is empty', async () => {
    const cluster = await start();
    const store = openWeaviateStore(cluster.url, undefined);
    await putToy(store, 'a', 20);
    await store.remove('a');
    await store.settle();
    const { chunks, matrix } = toyFunctions(30, 2, 5);
    await store.put(infoOf('a', 30, { ...model, dims: 5 }), buildPacks(chunks, matrix));
    expect([cluster.countOf('SimcodeVectors8'), cluster.countOf('SimcodeVectors5'), await codes(store)]).toEqual([0, 30, []]);
  });

  it('searches on while the nodes have not noticed that one of them is gone', async () => {
    const cluster = await start();
    const store = openWeaviateStore(cluster.url, undefined);
    const vectors = (await putToy(store, 'a', 100)).flatMap((pack) => pack.vectors);
    for (const known of [true, false]) {
      cluster.unsettled = 60;
      await cluster.kill(2);
      const found = await store.search?.nearest(vectors.slice(0, 10), 5, known) ?? [];
      expect(found.map((hits) => hits[0]?.id)).toEqual(vectors.slice(0, 10).map(({ id }) => id));
      await cluster.revive(2);
    }
  });

  it('does not believe a node that is starting that there is nothing', async () => {
    const cluster = await start();
    const store = openWeaviateStore(cluster.url, undefined);
    await putToy(store, 'a', 100);
    await cluster.kill(0);
    await cluster.revive(0, true);
    for (let i = 0; i < 3; i++) expect(await functionsOf(store)).toBe(100);
    await putToy(store, 'b', 100, 5);
    expect(await functionsOf(store)).toBe(200);
    expect(await codes(store)).toEqual([expect.stringMatching(/127\.0\.0\.1:\d+ does not answer$/)]);
  });

  it('replaces and reads what it replaced while a node was away', async () => {
    const cluster = await start();
    const store = openWeaviateStore(cluster.url, undefined);
    await putToy(store, 'a', 300);
    await cluster.kill(2);
    await putToy(store, 'a', 200, 5);
    await cluster.revive(2);
    await putToy(store, 'a', 300);
    expect(await functionsOf(store)).toBe(300);
    cluster.repair();
    expect(await codes(store)).toEqual([]);
  });

  it('drops no vector that some node knows a pack for', async () => {
    const cluster = await start();
    const store = openWeaviateStore(cluster.url, undefined);
    await putToy(store, 'a', 100);
    await putToy(store, 'b', 100);
    for (const i of [0, 1]) for (const [id, object] of cluster.nodes[i]?.objects ?? []) if (object.class === 'SimcodePacks' && object.properties?.['repository'] === 'b') cluster.nodes[i]?.objects.delete(id);
    await putToy(store, 'a', 1, 3);
    expect(cluster.countOf('SimcodeVectors8')).toBe(101);
    cluster.repair();
    await cluster.kill(1);
    await store.remove('b');
    await store.settle();
    expect([await functionsOf(store), cluster.countOf('SimcodeVectors8')]).toEqual([1, 101]);
  });

  it('never takes an answer without a shard for the whole', async () => {
    const cluster = await start();
    const store = openWeaviateStore(cluster.url, undefined);
    await putToy(store, 'a', 300);
    for (const { objects } of cluster.nodes) for (const [id, object] of objects) if (object.class === 'SimcodeVectors8' && id < '4') objects.delete(id);
    const loaded = await loadRepositories(store, [], model);
    expect(await failure(storeNeighbors(loaded, store.search ?? fail(), { floor: 0.5, k: 5 }))).toMatch(/No node of .* has all vectors: \d+ of 256 that are in the store were not found/);
    for (const { objects } of cluster.nodes) for (const [id, object] of objects) if (object.class === 'SimcodePacks') objects.delete(id);
    expect(await failure(loadRepositories(store, [], model))).toMatch(/lacks part 1 of 1 of a \| /);
    expect((await codes(store)).join('\n')).toMatch(/SimcodePacks has 0 of at least 1 objects/);
  });

  it('does not believe in success', async () => {
    const cluster = await start();
    const store = openWeaviateStore(cluster.url, undefined);
    await putToy(store, 'a', 20);
    cluster.forgets = 'SimcodeVectors8';
    expect(await failure(putToy(store, 'a', 30, 3))).toMatch(/did not keep 30 of 30 objects written to SimcodeVectors8 \| /);
    expect(await functionsOf(store)).toBe(20);
  });

  it('keeps the old repository when a client is killed, and clears away what that left', async () => {
    const cluster = await start();
    const store = openWeaviateStore(cluster.url, undefined);
    const packs = await putToy(store, 'a', 600);
    const half = function* (): Generator<Pack> {
      yield* packs.slice(0, 1);
      throw new Error('killed');
    };
    expect(await failure(store.put(infoOf('a', 600), half()))).toMatch('killed');
    expect([await functionsOf(store), cluster.countOf('SimcodePacks')]).toEqual([600, 3]);
    await putToy(store, 'a', 600);
    expect([await functionsOf(store), cluster.countOf('SimcodePacks')]).toEqual([600, 2]);
  });

  it('does not let a replica that was away bring back what was removed', async () => {
    const cluster = await start();
    const store = openWeaviateStore(cluster.url, undefined);
    await putToy(store, 'a', 20);
    await putToy(store, 'b', 20, 3);
    await cluster.kill(1);
    await store.remove('a');
    await cluster.revive(1);
    cluster.repair();
    expect((await store.repositories()).map(({ name }) => name)).toEqual(['b']);
    expect(await functionsOf(store)).toBe(20);
  });

  it('fails with a reason and a hint, and never with the key', async () => {
    const cluster = await start();
    cluster.key = 's3cret';
    await putToy(openWeaviateStore(cluster.url, 's3cret'), 'a', 1);
    const refused = await failure(openWeaviateStore(cluster.url, 'wr0ng').repositories());
    expect(refused).toMatch(/failed: 127\.0\.0\.1:\d+ answers 401 .* \| Check SIMCODE_STORE_KEY\./);
    expect(refused).not.toContain('wr0ng');
    for (const [address, message] of [
      ['weaviate://me:s3cret@a:80', /^A Weaviate address takes no user and no key$/], ['weaviate://', /not understood/], ['weaviate://a:80/x', /not understood/],
      ['weaviate://a:80?replicas=0', /replicas is a whole number/], ['weaviate://a:80?speed=1', /has no option speed/],
    ] as const) expect(() => openWeaviateStore(address, undefined)).toThrow(message);
  });
});

function fail(): never {
  throw new Error('no search');
}
