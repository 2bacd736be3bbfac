import { SimcodeError } from '../errors.ts';
import { spawnGit } from './git-run.ts';

/** Reads blobs from a repository's object store, one process for all; close it when done. */
export interface ObjectReader {
  /** Bytes of a blob, or undefined where it is missing. */
  read(hash: string): Promise<Buffer | undefined>;
  close(): void;
}

interface Waiting { readonly resolve: (bytes: Buffer | undefined) => void; readonly reject: (error: unknown) => void }

/** `git cat-file --batch` as a queue: answers come in the order of the questions (git-cat-file(1), BATCH OUTPUT). */
export function openObjectReader(directory: string): ObjectReader {
  const child = spawnGit(directory, ['cat-file', '--batch'], { input: 'pipe' });
  const waiting: Waiting[] = [];
  const parse = createBatchParser((answer) => waiting.shift()?.resolve(answer));
  const fail = (cause?: unknown): void => {
    const error = new SimcodeError('git', 'git stopped while it read objects', { hint: 'Run git fsck, or fetch anew.', cause });
    for (const one of waiting.splice(0)) one.reject(error);
  };
  child.stdout?.on('data', parse);
  child.stderr?.resume();
  child.stdin?.on('error', fail);
  child.on('error', fail);
  child.on('close', () => fail());
  return {
    read: (hash) => new Promise((resolve, reject) => {
      if (!/^[0-9a-f]{40,64}$/.test(hash)) return reject(new SimcodeError('git', `${JSON.stringify(hash)} is no object name`));
      if (child.exitCode !== null || child.stdin?.writable !== true) return reject(new SimcodeError('git', 'git stopped while it read objects'));
      waiting.push({ resolve, reject });
      child.stdin.write(`${hash}\n`);
    }),
    close: () => { child.stdin?.end(); },
  };
}

/** Cuts the output of `cat-file --batch` into answers: `<hash> blob <size>\n<bytes>\n` or `<hash> missing\n`. */
function createBatchParser(onAnswer: (bytes: Buffer | undefined) => void): (chunk: Buffer) => void {
  let header = Buffer.alloc(0);
  let body: { readonly parts: Buffer[]; left: number } | undefined;
  return (chunk) => {
    let rest = chunk;
    while (rest.length > 0) {
      if (body === undefined) {
        const end = rest.indexOf(10);
        header = Buffer.concat([header, end < 0 ? rest : rest.subarray(0, end)]);
        if (end < 0) return;
        rest = rest.subarray(end + 1);
        const size = /^[0-9a-f]+ \w+ (\d+)$/.exec(header.toString('latin1'))?.[1];
        header = Buffer.alloc(0);
        if (size === undefined) onAnswer(undefined);
        // the newline after the content is read with it
        else body = { parts: [], left: Number(size) + 1 };
        continue;
      }
      const part = rest.subarray(0, body.left);
      body.parts.push(part);
      body.left -= part.length;
      rest = rest.subarray(part.length);
      if (body.left > 0) return;
      const bytes = Buffer.concat(body.parts);
      body = undefined;
      onAnswer(bytes.subarray(0, -1));
    }
  };
}
