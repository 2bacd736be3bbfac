import { createRequire } from 'node:module';
import { z } from 'zod';
import { SimcodeError } from '../../errors.ts';

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

/** The execution provider to run on. @throws SimcodeError missing-device for one this build does not know */
export async function resolveDevice(asked: string): Promise<string> {
  if (asked === 'auto' || asked === 'cpu') return 'cpu';
  const names = (await listDevices()).map(({ name }) => name);
  if (names.includes(asked)) return asked;
  throw new SimcodeError('missing-device', `This onnxruntime has no device ${asked}`, {
    hint: `It has ${names.join(', ')}; use one of them with --device.`,
  });
}
