import { TokenKind } from '../types.ts';
import { Use, type Leaves } from './leaves.ts';

/** Leaves, and those among them that name a function by binding it (`const twice = (x) => …`). */
export interface Named {
  readonly leaves: Leaves;
  readonly text: string;
  readonly bound: ReadonlySet<number>;
}

/**
 * Own names of a unit by leaf: k > 0 for the k-th distinct name bound in it (parameters, locals, loop and catch
 * variables), −k for the k-th function or class it defines, 0 for everything else. Numbered by first appearance.
 */
export function ownNames({ leaves, text, bound: functions }: Named, from: number, to: number): Int32Array {
  const bound = new Set<string>();
  const defined = new Set<string>();
  for (let i = from; i < to; i++) {
    const use = functions.has(i) ? Use.defines : (leaves.use[i] ?? 0);
    if ((use & (Use.binds | Use.defines)) === 0 || (leaves.kind[i] === TokenKind.property && !functions.has(i))) continue;
    (((use & Use.defines) !== 0) ? defined : bound).add(text.slice(leaves.start[i], leaves.end[i]));
  }
  const numbers = new Int32Array(to - from);
  if (bound.size + defined.size === 0) return numbers;
  const order = new Map<string, number>();
  let names = 0;
  let definitions = 0;
  for (let i = from; i < to; i++) {
    const kind = leaves.kind[i];
    if (kind !== TokenKind.identifier && kind !== TokenKind.callee && !functions.has(i)) continue;
    const name = text.slice(leaves.start[i], leaves.end[i]);
    let number = order.get(name);
    if (number === undefined) {
      number = defined.has(name) ? -(++definitions) : bound.has(name) ? ++names : 0;
      order.set(name, number);
    }
    numbers[i - from] = number;
  }
  return numbers;
}
