import { SimcodeError } from '../errors.ts';
import type { CloneClass } from '../types.ts';

/** Shortest prefix of an id that is taken. */
const MIN_PREFIX = 3;

/**
 * The class whose id or fingerprint begins with what was typed.
 * @throws SimcodeError `bad-input` when there is none, or more than one
 */
export function chooseClass(classes: readonly CloneClass[], typed: string): CloneClass {
  const prefix = typed.toLowerCase();
  if (!/^[0-9a-f]+$/.test(prefix) || prefix.length < MIN_PREFIX) {
    throw new SimcodeError('bad-input', `"${typed}" is neither a class id nor a place such as src/cart.ts:12.`, {
      hint: `Ids are what simcode scan prints after each class, at least ${MIN_PREFIX} digits of them; or name two functions: simcode explain a.ts:12 b.ts:34`,
    });
  }
  const found = classes.filter(({ id, fingerprint }) => id.startsWith(prefix) || fingerprint.startsWith(prefix));
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  if (first !== undefined) {
    throw new SimcodeError('bad-input', `${found.length} classes begin with ${typed}: ${found.slice(0, 5).map(({ id }) => id).join(', ')}.`, { hint: 'Give more digits.' });
  }
  throw new SimcodeError('bad-input', `There is no class ${typed} among the ${classes.length} of this scan.`, {
    hint: 'An id changes when a member does: run simcode scan again, with the same options and in the same folder (--in names what was scanned).',
  });
}
