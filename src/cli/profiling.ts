import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { ScanPorts } from '../run/ports.ts';
import type { Flow, ScanResult } from '../types.ts';

/** Watches one scan from its ports. */
export interface Profiler {
  /** The same ports, with a clock at each that has work done elsewhere. */
  watch(ports: ScanPorts): ScanPorts;
  /** The result with its profile. */
  finish(result: ScanResult): ScanResult;
}

/** Milliseconds between two looks at the event loop. */
const RESOLUTION = 10;

/** Starts the clocks. */
export function startProfile(): Profiler {
  const cpu = process.cpuUsage();
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
  delay.enable();
  const meters = { read: createMeter(), parse: createMeter(), embed: createMeter(), compare: createMeter() };
  let bytes = 0;
  return {
    watch: (ports) => ({
      ...ports,
      files: {
        ...ports.files,
        read: (path, most) => meters.read.time(1, async () => {
          const found = await ports.files.read(path, most);
          if ('bytes' in found) bytes += found.bytes.length;
          return found;
        }),
      },
      chunker: { ...ports.chunker, chunk: (file, floor) => meters.parse.time(1, () => ports.chunker.chunk(file, floor)) },
      embedder: { ...ports.embedder, embed: (texts, onDone) => meters.embed.time(texts.length, () => ports.embedder.embed(texts, onDone)) },
      kernel: { ...ports.kernel, pairsAbove: (a, b, dims, floor) => meters.compare.time(1, () => ports.kernel.pairsAbove(a, b, dims, floor)) },
    }),
    finish(result) {
      delay.disable();
      const { user, system } = process.cpuUsage(cpu);
      const { files, embedded, cached, chunks } = result.counts;
      const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION);
      return {
        ...result,
        profile: {
          cpuSeconds: (user + system) / 1e6, peakMegabytes: process.resourceUsage().maxRSS / 1024,
          lag: { p50: late(delay.percentile(50)), p99: late(delay.percentile(99)), most: late(delay.max) },
          read: { ...meters.read.flow(), bytes },
          parse: { ...meters.parse.flow(), skipped: files - meters.parse.flow().count },
          embed: { ...meters.embed.flow(), cached, identical: chunks - embedded - cached },
          compare: meters.compare.flow(),
        },
      };
    },
  };
}

interface Meter {
  time<T>(count: number, work: () => Promise<T>): Promise<T>;
  flow(): Flow;
}

/** Counts work that is under way elsewhere, many at once. */
function createMeter(): Meter {
  let [count, under, calls, since, busy, waited] = [0, 0, 0, 0, 0, 0];
  return {
    async time(size, work) {
      const start = performance.now();
      if (under++ === 0) since = start;
      count += size;
      calls++;
      try {
        return await work();
      } finally {
        const end = performance.now();
        waited += end - start;
        if (--under === 0) busy += end - since;
      }
    },
    flow: () => ({ count, busySeconds: busy / 1000, waitSeconds: calls === 0 ? 0 : waited / 1000 / calls }),
  };
}
