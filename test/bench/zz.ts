import { readFileSync } from 'node:fs'; import { fdir } from 'fdir';
import { openGrammars } from '../../src/io/grammars.ts'; import { chunkFile } from '../../src/chunk/chunk.ts';
import { openEmbedder } from '../../src/cli/wiring.ts'; import { embedChunks } from '../../src/embed/embed.ts'; import { noCache } from '../../src/io/cache.ts';
import { createPairKernel } from '../../src/io/pair-kernel.ts'; import { findNeighbors } from '../../src/neighbors/neighbors.ts'; import { createBruteForce } from '../neighbors/helpers.ts';
import { createAncestry } from '../../src/neighbors/ancestry.ts'; import { writeCorpus } from './corpus.ts';
import { scorePairs } from '../../src/score/score.ts'; import { openCalibration } from '../../src/cli/wiring.ts';
writeCorpus('/tmp/c300', 300, 1);
const g = await openGrammars(); const e = await openEmbedder({ model: 'mini', device: 'auto' } as any); const k = await createPairKernel();
for (const [dir, ext] of [['/tmp/c300', /\.(ts|py)$/], ['src', /\.ts$/]] as const) {
  const chunks: any[] = [];
  for (const p of new fdir().withRelativePaths().crawl(dir).sync().filter((p) => ext.test(p))) { const f = { path: p, language: p.endsWith('py') ? 'python' : 'typescript', text: readFileSync(dir + '/' + p, 'utf8'), sha256: '' }; chunks.push(...(await chunkFile(f as any, g, { minLines: 5, minTokens: 30 } as any)).chunks); }
  const { matrix } = await embedChunks(chunks, e, noCache());
  const n = chunks.length;
  for (const floor of [0.5, 0.6, 0.7, 0.8, 0.9]) { const r = await findNeighbors(matrix, { index: 'exact', floor, excludes: createAncestry(chunks) }, k, createBruteForce()); console.log(dir, n, 'dims', matrix.dims, floor, r.neighbors.length, (r.neighbors.length / (n * (n - 1) / 2)).toFixed(4)); }
  const near = await findNeighbors(matrix, { index: 'exact', floor: .5 }, k, createBruteForce());
  const cal = await openCalibration('mini'); const t = performance.now(); const s = scorePairs({ chunks, matrix, neighbors: near.neighbors, groups: near.groups, calibration: cal, threshold: cal.threshold }); console.log('score', s.candidates, s.pairs.length, (performance.now() - t) / 1000);
}
await e.close(); await k.close();
