/** `npm run bench -- [sections] [options]`: see `USAGE`. Figures are of this machine; ratios within one run are the finding. */
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ablationTable, benchAblation } from './ablation.ts';
import { benchCost, costTable } from './cost.ts';
import { benchCount, countTable } from './count.ts';
import { benchCrossLanguage, crossLanguageTable } from './cross-language.ts';
import { benchEmbedMemory, memoryTable, type MemoryRow } from './embed-memory.ts';
import { benchHistory } from './history.ts';
import { historyReport, historyTable, loadReadings } from './history-report.ts';
import { timeChecks, timedTable } from './history-timed.ts';
import { benchMarked, markedTable } from './marked.ts';
import { benchNeighbors, neighborsTable } from './neighbors.ts';
import { benchReading } from './reading.ts';
import { logLogPlot } from './plot.ts';
import { benchRivals, rivalsTable } from './rivals.ts';
import { benchScaling, scalingSeries, scalingTable } from './scaling.ts';
import { benchScan, scanTable } from './scan.ts';
import { benchStore, PHASES, storeTable } from './store.ts';
import { benchWeaviate, weaviateTable } from './weaviate.ts';

const USAGE = `npm run bench -- [neighbors] [scan] [history] [marked] [ablation] [cost] [reading] [embed-memory] [store] [weaviate] [languages] [rivals] [scaling] [count] [options]     the first two when none is named
  --vectors 2000,10000,50000   sizes for neighbors
  --dims 256 --floor 0.9       shape of the vectors, least cosine
  --functions 1000,5000        sizes for scan and embed-memory (npm run build first)
  --model path                 for embed-memory, which runs only when named: peak memory with this model folder, and with a server
  --path clone                 for history, which runs only when named: each of the newest first-parent commits judged as a pull request
  --commits 200 --no-merges    how many; without merges (on a first-parent line they are pull requests)
  --plants 100                 renamed and slightly edited copies of random functions, pasted at random commits
  --timed 20                   instead: seconds of simcode check at so many of the commits (npm run build first)
  --known                      only the commits that the readings name, and no copies pasted
  --readings file.jsonl        what was said of the pairs before; --report file.md gets the code of those not read yet
  --path dir                   for marked, which runs only when named: recall on copies that a comment declares
  --marker '# Copied from' --except '# Ignore copy'
                               for ablation: what structure, model and both find; for cost: embedding against what follows it
  --top 50 --random 50 --seed 7 --lines 40 --label owner/name@revision -o classes.md
                               for reading: the top classes and random ones of the rest with their code
  --store where --phase insert,verify,search --sample 20000
                               for store, which runs only when named: --vectors in a store, eight repositories, --sample of them searched
  --server weaviate-server     for weaviate, which runs only when named: as store, on three nodes on this machine, one of them killed in each phase
                               languages, which runs only when named: recall and look-alikes by pair of languages on fixtures/cross-language
  --path dir,dir --jscpd 'npx jscpd@5.3.3'
                               for rivals, which runs only when named: side by side with jscpd on copies of trees, as ratios
  --vectors-from model|server --plot out.svg
                               for scaling, which runs only when named: cold scans of --functions, with fitted exponents
  --path dir --lang go --samples 20 --counter 'command'
                               count, which runs only when named: functions against universal-ctags, syntax errors, seconds a megabyte
  --json out.json              all figures as JSON
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    vectors: { type: 'string', default: '2000,10000,50000' },
    dims: { type: 'string', default: '256' },
    floor: { type: 'string', default: '0.9' },
    functions: { type: 'string', default: '1000,5000' },
    'no-merges': { type: 'boolean', default: false },
    timed: { type: 'string' },
    known: { type: 'boolean', default: false },
    readings: { type: 'string' },
    report: { type: 'string' },
    model: { type: 'string', default: 'fixtures/embed/parity/bert-cls' },
    commits: { type: 'string', default: '200' },
    plants: { type: 'string', default: '100' },
    path: { type: 'string' },
    lang: { type: 'string' },
    counter: { type: 'string' },
    samples: { type: 'string', default: '20' },
    marker: { type: 'string', default: '# Copied from' },
    except: { type: 'string', default: '# Ignore copy' },
    top: { type: 'string', default: '50' },
    random: { type: 'string', default: '50' },
    seed: { type: 'string', default: '7' },
    lines: { type: 'string', default: '40' },
    label: { type: 'string', default: '' },
    store: { type: 'string' },
    server: { type: 'string' },
    phase: { type: 'string', default: PHASES.join(',') },
    sample: { type: 'string', default: '20000' },
    jscpd: { type: 'string', default: 'npx --yes jscpd@5.3.3' },
    'vectors-from': { type: 'string', default: 'model' },
    plot: { type: 'string' },
    output: { type: 'string', short: 'o' },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const sizes = (list: string): readonly number[] => list.split(',').map(positive);

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new RangeError(`${text} is not a positive number\n${USAGE}`);
  return value;
}

function treeFor(section: string): string {
  if (values.path === undefined) throw new RangeError(`${section} needs --path\n${USAGE}`);
  return values.path;
}

async function run(): Promise<void> {
  const wanted = (section: string): boolean => positionals.length === 0 || positionals.includes(section);
  const unknown = positionals.find((name) => !['neighbors', 'scan', 'history', 'marked', 'ablation', 'cost', 'reading', 'embed-memory', 'store', 'weaviate', 'languages', 'rivals', 'scaling', 'count'].includes(name));
  if (unknown !== undefined) throw new RangeError(`no section ${unknown}\n${USAGE}`);
  const machine = { node: process.version, cores: availableParallelism(), cpu: cpus()[0]?.model ?? 'unknown' };
  process.stdout.write(`node ${machine.node}, ${machine.cores} cores, ${machine.cpu}\n`);
  const results: Record<string, unknown> = { machine };
  if (wanted('neighbors')) {
    const rows = benchNeighbors(sizes(values.vectors), positive(values.dims), positive(values.floor));
    results['neighbors'] = rows;
    process.stdout.write(`\n## neighbors (${values.dims} dimensions, cosine ≥ ${values.floor})\n\n${neighborsTable(rows)}`);
  }
  if (wanted('scan')) {
    const rows = benchScan(sizes(values.functions));
    results['scan'] = rows;
    process.stdout.write(`\n## scan\n\n${scanTable(rows)}`);
  }
  if (positionals.includes('history') && values.timed !== undefined) {
    const rows = await timeChecks(treeFor('history'), positive(values.commits), positive(values.timed));
    results['timed'] = rows;
    process.stdout.write(`\n## history, timed\n\n${timedTable(rows)}`);
  } else if (positionals.includes('history')) {
    const readings = loadReadings(values.readings);
    const found = await benchHistory(treeFor('history'), {
      commits: positive(values.commits), plants: values.known ? 0 : positive(values.plants), merges: !values['no-merges'],
      only: values.known ? new Set(readings.map(({ commit }) => commit)) : undefined, log: (line) => process.stdout.write(`${line}\n`),
    });
    results['history'] = found;
    if (values.report !== undefined) writeFileSync(values.report, historyReport(found, readings));
    process.stdout.write(`\n## history\n\n${historyTable(found, readings)}`);
  }
  if (positionals.includes('marked')) {
    const found = await benchMarked(treeFor('marked'), values.marker, values.except);
    results['marked'] = found;
    process.stdout.write(`\n## marked\n\n${markedTable(found)}`);
  }
  if (positionals.includes('ablation')) {
    const found = await benchAblation(treeFor('ablation'));
    results['ablation'] = found;
    process.stdout.write(`\n## ablation\n\n${ablationTable(found)}`);
  }
  if (positionals.includes('cost')) {
    const found = await benchCost(treeFor('cost'));
    results['cost'] = found;
    process.stdout.write(`\n## cost\n\n${costTable(found)}`);
  }
  if (positionals.includes('reading')) {
    const text = await benchReading(treeFor('reading'), { top: Number(values.top), random: Number(values.random), seed: positive(values.seed), lines: positive(values.lines), label: values.label });
    if (values.output === undefined) process.stdout.write(text);
    else writeFileSync(values.output, text);
  }
  if (positionals.includes('embed-memory')) {
    const rows: MemoryRow[] = [];
    for (const size of sizes(values.functions)) rows.push(...await benchEmbedMemory(size, resolve(values.model)));
    results['embed-memory'] = rows;
    process.stdout.write(`\n## embed-memory\n\n${memoryTable(rows)}`);
  }
  if (positionals.includes('store')) {
    if (values.store === undefined) throw new RangeError(`store needs --store\n${USAGE}`);
    const asked = values.phase.split(',');
    const found = await benchStore(PHASES.filter((phase) => asked.includes(phase)), {
      where: values.store, vectors: sizes(values.vectors)[0] ?? 0, dims: positive(values.dims), floor: positive(values.floor), sample: positive(values.sample),
      log: (line) => process.stdout.write(`${line}\n`),
    });
    results['store'] = found;
    process.stdout.write(`\n## store\n\n${storeTable(found)}`);
  }
  if (positionals.includes('weaviate')) {
    if (values.server === undefined) throw new RangeError(`weaviate needs --server\n${USAGE}`);
    const rows = await benchWeaviate(values.server, {
      vectors: sizes(values.vectors)[0] ?? 0, dims: positive(values.dims), floor: positive(values.floor), sample: positive(values.sample), log: (line) => process.stdout.write(`${line}\n`),
    });
    results['weaviate'] = rows;
    process.stdout.write(`\n## weaviate\n\n${weaviateTable(rows)}`);
  }
  if (positionals.includes('languages')) {
    const rows = await benchCrossLanguage();
    results['languages'] = rows;
    process.stdout.write(`\n## languages\n\n${crossLanguageTable(rows)}`);
  }
  if (positionals.includes('rivals')) {
    const rows = await benchRivals(treeFor('rivals').split(','), values.jscpd.split(' '), (line) => process.stdout.write(`${line}\n`));
    results['rivals'] = rows;
    process.stdout.write(`\n## rivals\n\n${rivalsTable(rows)}`);
  }
  if (positionals.includes('scaling')) {
    if (values['vectors-from'] !== 'model' && values['vectors-from'] !== 'server') throw new RangeError(`vectors come from model or server\n${USAGE}`);
    const found = await benchScaling(sizes(values.functions), values['vectors-from'], (line) => process.stdout.write(`${line}\n`));
    results['scaling'] = found;
    if (values.plot !== undefined) writeFileSync(values.plot, logLogPlot('Cold scan of a generated corpus', 'functions (dashed: in proportion)', scalingSeries(found)));
    process.stdout.write(`\n## scaling\n\n${scalingTable(found)}`);
  }
  if (positionals.includes('count')) {
    if (values.lang === undefined) throw new RangeError(`count needs --lang\n${USAGE}`);
    const row = await benchCount(treeFor('count'), values.lang, values.counter);
    results['count'] = row;
    process.stdout.write(`\n## count\n\n${countTable(row, positive(values.samples))}`);
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
}

if (values.help) process.stdout.write(USAGE);
else await run();
