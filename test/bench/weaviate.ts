import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openStore } from '../../src/cli/stores.ts';
import type { VectorStore } from '../../src/store/port.ts';
import { benchPhase, PHASES, type Phase, type StoreOptions, type StoreRow } from './store.ts';
import { markdown } from './table.ts';
import { startWeaviate, type NodeUsage, type WeaviateNodes } from './weaviate-nodes.ts';

const NODES = 3;
/** Which node goes in a phase: each once, the one that the others joined among them. */
const VICTIMS: Readonly<Record<Phase, number>> = { insert: 2, verify: 0, search: 1 };
const REPAIR_MS = 900_000;

export interface WeaviateRow extends StoreRow {
  /** Seconds after the phase until every node had everything again. */
  readonly repaired: number;
  readonly nodes: readonly NodeUsage[];
}

/**
 * The phases of `benchStore` on a three-node cluster of its own; in each of them one node is killed after a third and
 * started again after two thirds.
 * @param binary weaviate-server
 */
export async function benchWeaviate(binary: string, options: Omit<StoreOptions, 'where'>): Promise<readonly WeaviateRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'simcode-weaviate-'));
  const nodes = await startWeaviate(binary, folder, NODES);
  const store = await openStore(nodes.url);
  try {
    const rows: WeaviateRow[] = [];
    for (const phase of PHASES) rows.push(await disturbed(store, nodes, phase, { ...options, where: nodes.url }));
    return rows;
  } finally {
    await store.close();
    await nodes.stop();
    rmSync(folder, { recursive: true });
  }
}

export function weaviateTable(rows: readonly WeaviateRow[]): string {
  const each = (row: WeaviateRow, what: (usage: NodeUsage) => number): string => row.nodes.map((usage) => what(usage).toFixed(0)).join(' + ');
  return markdown(
    ['phase', 'wall s', 'client CPU s', 'nodes CPU s', 'nodes MB', 'most MB', 'repaired s', 'result'],
    rows.map((row) => [
      row.phase, row.seconds.toFixed(0), row.clientCpu.toFixed(0), each(row, ({ cpu }) => cpu), each(row, ({ mb }) => mb), each(row, ({ peakMb }) => peakMb),
      row.repaired.toFixed(0), row.result,
    ]),
  );
}

async function disturbed(store: VectorStore, nodes: WeaviateNodes, phase: Phase, options: StoreOptions): Promise<WeaviateRow> {
  const victim = VICTIMS[phase];
  const before = usages(nodes);
  let state: 'up' | 'killed' | 'revived' = 'up';
  const at = (share: number): void => {
    if (state === 'up' && share >= 1 / 3) {
      nodes.kill(victim);
      state = 'killed';
    } else if (state === 'killed' && share >= 2 / 3) {
      nodes.revive(victim);
      state = 'revived';
    } else return;
    options.log(`  at ${(100 * share).toFixed(0)} % of ${phase}: node ${victim} ${state}`);
  };
  const row = await benchPhase(store, phase, { ...options, onShare: at });
  at(2 / 3);
  at(2 / 3);
  await nodes.ready(victim);
  const repaired = await repair(store);
  const used = usages(nodes).map((usage, i) => ({ ...usage, cpu: usage.cpu - (before[i]?.cpu ?? 0) }));
  options.log(`  repaired after ${repaired.toFixed(0)} s; CPU s of the nodes ${used.map(({ cpu }) => cpu.toFixed(0)).join(', ')}, MB ${used.map(({ mb }) => mb.toFixed(0)).join(', ')}`);
  return { ...row, repaired, nodes: used };
}

function usages(nodes: WeaviateNodes): readonly NodeUsage[] {
  return Array.from({ length: NODES }, (_, i) => nodes.usage(i));
}

/** Waits until the store finds nothing the matter with itself. */
async function repair(store: VectorStore): Promise<number> {
  const start = performance.now();
  while (true) {
    const [warning] = await store.check();
    const elapsed = performance.now() - start;
    if (warning === undefined) return elapsed / 1000;
    if (elapsed > REPAIR_MS) throw new Error(`not repaired after ${REPAIR_MS / 1000} s: ${warning.message}`);
    await wait(2000);
  }
}
