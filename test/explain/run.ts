import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { SimcodeError } from '../../src/errors.ts';
import { cleanEnv } from '../cli/run.ts';

/** For this test file: this process's environment as a spawned simcode would have it. */
export function useEnvironment(more: Readonly<Record<string, string>>): void {
  const before = process.env;
  beforeAll(() => {
    process.env = cleanEnv(more);
  });
  afterAll(() => {
    process.env = before;
  });
}

/** Runs a command inside this process and gives back what it wrote to its --output file. */
export async function runHere(args: readonly string[], folder: string): Promise<string> {
  const file = join(folder, 'output.txt');
  await createProgram(() => undefined).parseAsync([...args, '--quiet', '-o', file], { from: 'user' });
  return readFileSync(file, 'utf8');
}

/** `message | hint` of the error that a command ends with. */
export async function failureOf(args: readonly string[]): Promise<string> {
  try {
    await createProgram(() => undefined).parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof SimcodeError) return `${error.message} | ${error.hint ?? ''}`;
    if (error instanceof Error) return error.message;
  }
  throw new Error(`${args.join(' ')} did not fail`);
}
