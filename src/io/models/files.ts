import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { SimcodeError } from '../../errors.ts';

/** No configuration of a model is larger; tokenizers are read elsewhere. */
const MAX_JSON = 4 * 2 ** 20;

/**
 * One JSON file of a model folder, checked; undefined when the folder has none.
 * @throws SimcodeError bad-model naming the file and what is wrong with it
 */
export async function readModelJson<S extends z.ZodType>(dir: string, name: string, schema: S): Promise<z.infer<S> | undefined> {
  const path = join(dir, name);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw notUnderstood(path, error.message);
  });
  if (text === undefined) return undefined;
  if (text.length > MAX_JSON) throw notUnderstood(path, 'it is too large');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw notUnderstood(path, 'it is not JSON');
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw notUnderstood(path, parsed.error.issues.map((issue) => `${issue.path.join('.') || 'it'}: ${issue.message}`).join('; '));
}

export function notUnderstood(path: string, reason: string): SimcodeError {
  return new SimcodeError('bad-model', `${path} is not understood: ${reason}`, {
    hint: 'Use a sentence-transformers style model with ONNX files, or export it again.',
  });
}
