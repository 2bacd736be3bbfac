import { openPostgresStore } from '../../src/io/stores/postgres/store.ts';
import { buildPacks } from '../../src/store/build.ts';
import type { Pack } from '../../src/store/port.ts';
import { infoOf, toyFunctions } from './functions.ts';

// Writes the first of two packs into the store of the first argument, says so, and hangs: to be killed.
const store = await openPostgresStore(process.argv[2] ?? '');
const { chunks, matrix } = toyFunctions(1000, 7);
await store.put(infoOf('killed', 1000), half());

function* half(): Generator<Pack> {
  for (const [i, pack] of [...buildPacks(chunks, matrix)].entries()) {
    if (i > 0) {
      process.stdout.write('half\n');
      // no turn of the event loop: nothing can be tidied up
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    }
    yield pack;
  }
}
