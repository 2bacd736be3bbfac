/* oxlint-disable unicorn/require-post-message-target-origin -- that is for windows; threads have no origin */
/** Entry of a parsing thread: it may be terminated at any time. */
import { parentPort } from 'node:worker_threads';
import { chunkToStore } from '../../chunk/to-store.ts';
import { SimcodeError } from '../../errors.ts';
import type { Grammars } from '../../types.ts';
import { openGrammars } from '../grammars.ts';
import type { ParseJob, ParseReply } from './protocol.ts';

async function answer({ job, file, floor }: ParseJob, grammars: Promise<Grammars>): Promise<ParseReply> {
  try {
    return { job, stored: await chunkToStore(file, await grammars, floor) };
  } catch (error) {
    const known = error instanceof SimcodeError ? { code: error.code, ...(error.hint !== undefined && { hint: error.hint }) } : {};
    return { job, message: error instanceof Error ? error.message : String(error), ...known };
  }
}

if (parentPort) {
  const port = parentPort;
  const grammars = openGrammars();
  const serve = async (work: ParseJob): Promise<void> => { port.postMessage(await answer(work, grammars)); };
  port.on('message', (work: ParseJob) => { void serve(work); });
}
