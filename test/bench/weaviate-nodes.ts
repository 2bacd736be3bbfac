import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const [HTTP, GRPC, GOSSIP, RAFT] = [18_380, 18_390, 18_400, 18_410];
const READY_MS = 300_000;
/** Of Linux, in which /proc counts CPU time. */
const TICKS = 100;

export interface NodeUsage { readonly cpu: number; readonly mb: number; readonly peakMb: number }

/** Nodes of a Weaviate cluster, each a process; what they hold stays in the folder. */
export interface WeaviateNodes {
  /** Of all nodes, as `--store` takes it. */
  readonly url: string;
  /** SIGKILL. */
  kill(i: number): void;
  /** Starts a killed node with what it had. */
  revive(i: number): void;
  ready(i: number): Promise<void>;
  /** CPU seconds since the start, processes that were killed included, and memory now and at most; zeros but for Linux. */
  usage(i: number): NodeUsage;
  stop(): Promise<void>;
}

/**
 * Starts nodes on 127.0.0.1. Weaviate lets two of its ports listen on all addresses: start this in a network namespace
 * (`ip netns exec`) where that matters.
 * @param binary weaviate-server, 1.35 was tried
 */
export async function startWeaviate(binary: string, folder: string, count: number): Promise<WeaviateNodes> {
  const children: (ChildProcess | undefined)[] = [];
  const spent = Array.from({ length: count }, () => 0);
  const start = (i: number, joined: readonly number[]): void => {
    const log = openSync(join(folder, `node-${i}.log`), 'a');
    mkdirSync(join(folder, `node-${i}`), { recursive: true });
    children[i] = spawn(binary, ['--scheme', 'http', '--host', '127.0.0.1', '--port', String(HTTP + i), '--read-timeout=600s', '--write-timeout=600s'], {
      env: { ...process.env, ...environment(i, count, joined, join(folder, `node-${i}`)) }, stdio: ['ignore', log, log],
    });
  };
  const others = (i: number): number[] => children.flatMap((child, j) => (child === undefined || j === i ? [] : [j]));
  const usage = (i: number): NodeUsage => {
    const now = usageOf(children[i]?.pid);
    return { ...now, cpu: now.cpu + (spent[i] ?? 0) };
  };
  const ready = (i: number): Promise<void> => answering(`http://127.0.0.1:${HTTP + i}/v1/.well-known/ready`);
  const kill = (i: number): void => {
    spent[i] = usage(i).cpu;
    children[i]?.kill('SIGKILL');
    children[i] = undefined;
  };
  for (let i = 0; i < count; i++) {
    start(i, i === 0 ? [] : [0]);
    // a node ends when nobody is there to join; the first one is ready when the others are there
    if (i === 0) await listening(GOSSIP);
  }
  for (let i = 0; i < count; i++) await ready(i);
  await answering(`http://127.0.0.1:${HTTP}/v1/nodes`, (text) => text.split('"HEALTHY"').length > count);
  return {
    url: `weaviate://${Array.from({ length: count }, (_, i) => `127.0.0.1:${HTTP + i}`).join(',')}`,
    kill, revive: (i) => { start(i, others(i)); }, ready, usage,
    stop: async () => {
      for (let i = 0; i < count; i++) kill(i);
      // until the files are let go
      await wait(1000);
    },
  };
}

function environment(i: number, count: number, joined: readonly number[], data: string): Record<string, string> {
  return {
    PERSISTENCE_DATA_PATH: data, CLUSTER_HOSTNAME: `node-${i}`, CLUSTER_IN_LOCALHOST: 'true', CLUSTER_BIND_ADDR: '127.0.0.1', CLUSTER_ADVERTISE_ADDR: '127.0.0.1',
    CLUSTER_GOSSIP_BIND_PORT: String(GOSSIP + 2 * i), CLUSTER_DATA_BIND_PORT: String(GOSSIP + 2 * i + 1),
    ...(joined.length > 0 && { CLUSTER_JOIN: joined.map((j) => `127.0.0.1:${GOSSIP + 2 * j}`).join(',') }),
    RAFT_PORT: String(RAFT + 2 * i), RAFT_INTERNAL_RPC_PORT: String(RAFT + 2 * i + 1), RAFT_BOOTSTRAP_EXPECT: String(count),
    RAFT_JOIN: Array.from({ length: count }, (_, j) => `node-${j}:${RAFT + 2 * j}`).join(','), GRPC_PORT: String(GRPC + i),
    AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED: 'true', DEFAULT_VECTORIZER_MODULE: 'none', API_BASED_MODULES_DISABLED: 'true',
    DISABLE_TELEMETRY: 'true', GO_PROFILING_DISABLE: 'true', LOG_LEVEL: 'warning',
  };
}

async function listening(port: number): Promise<void> {
  for (const start = performance.now(); performance.now() - start < READY_MS; await wait(500)) {
    const socket = connect(port, '127.0.0.1');
    const open = await once(socket, 'connect').then(() => true, () => false);
    socket.destroy();
    if (open) return;
  }
  throw new Error(`port ${port} is not open after ${READY_MS / 1000} s`);
}

async function answering(url: string, good: (text: string) => boolean = () => true): Promise<void> {
  for (const start = performance.now(); performance.now() - start < READY_MS; await wait(500)) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
    if (answer?.status === 200 && good(await answer.text())) return;
  }
  throw new Error(`${url} is not ready after ${READY_MS / 1000} s`);
}

function usageOf(pid: number | undefined): NodeUsage {
  try {
    const [, , ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(/\) | /);
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const mb = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
    return { cpu: (Number(fields[11]) + Number(fields[12])) / TICKS, mb: mb('VmRSS'), peakMb: mb('VmHWM') };
  } catch {
    return { cpu: 0, mb: 0, peakMb: 0 };
  }
}
