import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { SimcodeError } from '../../errors.ts';
import type { Precision } from '../models/dtype.ts';
import { compiledEntry } from './entry.ts';

export interface Device {
  /** Execution provider, e.g. `cpu`, `webgpu`, `cuda`. */
  readonly name: string;
  /** Its libraries are inside onnxruntime-node; if not, they must be added by hand. */
  readonly bundled: boolean;
}
export interface OnnxruntimeInfo { readonly version: string; readonly devices: readonly Device[] }

/** Version and execution providers of the installed onnxruntime. @throws SimcodeError missing-dependency */
export async function onnxruntimeInfo(): Promise<OnnxruntimeInfo> {
  try {
    const { listSupportedBackends } = await import('onnxruntime-node');
    const manifest: unknown = createRequire(import.meta.url)('onnxruntime-node/package.json');
    const { version } = z.object({ version: z.string() }).parse(manifest);
    return { version, devices: listSupportedBackends().map(({ name, bundled }) => ({ name, bundled })) };
  } catch (cause) {
    throw new SimcodeError('missing-dependency', `onnxruntime-node does not load on ${process.platform}-${process.arch}`, {
      hint: 'Run `npm install` again; there are builds for linux and windows (x64, arm64) and macOS (arm64).', cause,
    });
  }
}

/** Execution providers this onnxruntime build knows, usable or not: only a session shows what starts. */
export async function listDevices(): Promise<readonly Device[]> {
  return (await onnxruntimeInfo()).devices;
}

const outcome = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), ms: z.number(), f16: z.boolean() }),
  z.object({ ok: z.literal(false), reason: z.string() }),
]);
export type Probe = z.infer<typeof outcome>;

/** Opening a GPU for the first time compiles shaders; a driver that hangs must not hang simcode. */
const PROBE_MS = 60_000;

/** Tries a device out in a process of its own: whether it computes, in half precision too, and how fast. */
export async function probeDevice(name: string): Promise<Probe> {
  const entry = fileURLToPath(compiledEntry('probe'));
  const text = await new Promise<string>((resolve) => {
    execFile(process.execPath, [entry, name], { timeout: PROBE_MS, maxBuffer: 1 << 20, windowsHide: true }, (error, stdout) => {
      // a driver may crash the process on its way out, after the answer
      resolve(stdout.trim() || JSON.stringify({ ok: false, reason: error?.killed ? 'it did not answer in time' : 'its driver ended the process' }));
    });
  });
  return outcome.parse(JSON.parse(text.split('\n').at(-1) ?? ''));
}

/** A model below this runs faster on the CPU than it takes to start anything else. */
const SMALL_BYTES = 100e6;

/**
 * The device to run on, and whether it computes in half precision. `auto` is the one that computes fastest of those that
 * work; a model of few `bytes` stays on the CPU.
 * @throws SimcodeError missing-device for one that this build does not know or that does not start
 */
export async function resolveDevice(asked: string, bytes = 0): Promise<Precision> {
  if (asked === 'cpu' || (asked === 'auto' && bytes < SMALL_BYTES)) return { device: 'cpu', f16: false };
  const names = (await listDevices()).map(({ name }) => name);
  if (asked === 'auto') return fastest(names);
  if (!names.includes(asked)) {
    throw new SimcodeError('missing-device', `This onnxruntime has no device ${asked}`, {
      hint: `It has ${names.join(', ')}; use one of them with --device.`,
    });
  }
  const probe = await probeDevice(asked);
  if (probe.ok) return { device: asked, f16: probe.f16 };
  throw new SimcodeError('missing-device', `Device ${asked} does not start (${probe.reason})`, { hint: deviceHint(asked) });
}

async function fastest(names: readonly string[]): Promise<Precision> {
  let best: { readonly device: string; readonly f16: boolean; readonly ms: number } | undefined;
  // one after the other, or they would slow each other down; tensorrt needs minutes to build its engines: on request only
  for (const device of names.filter((name) => name !== 'tensorrt')) {
    const probe = await probeDevice(device);
    if (probe.ok && probe.ms < (best?.ms ?? Infinity)) best = { device, f16: device !== 'cpu' && probe.f16, ms: probe.ms };
  }
  return { device: best?.device ?? 'cpu', f16: best?.f16 ?? false };
}

/** How a device that does not start can be made to. */
export function deviceHint(device: string): string {
  const hints: Readonly<Record<string, string>> = {
    cuda: 'It needs an NVIDIA driver, CUDA and cuDNN 9, and onnxruntime\'s CUDA libraries: `npm rebuild onnxruntime-node --onnxruntime-node-install=cuda12`; or use --device webgpu, which needs none of them.',
    tensorrt: 'It needs what cuda needs, and TensorRT 10; or use --device cuda or webgpu.',
    webgpu: 'It needs a GPU driver with Vulkan (on Linux also the package libvulkan1); or use --device cpu.',
    dml: 'It needs Windows with a DirectX 12 GPU; or use --device cpu.',
    coreml: 'It needs macOS on Apple silicon; or use --device cpu.',
  };
  return hints[device] ?? 'Run `simcode doctor` to see the devices of this machine, or use --device cpu.';
}
