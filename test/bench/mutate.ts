import type { Draw, Expr, Fn, Stmt } from './program.ts';
import { drawName, drawPalette, drawStatement } from './program.ts';

/** The same function with every own name, and about half of the literals, replaced consistently (type 2). */
export function rename(fn: Fn, draw: Draw, name: string): Fn {
  const names = new Map<string, string>();
  const fresh = (old: string): string => {
    const known = names.get(old) ?? drawName(draw, 'noun');
    names.set(old, known);
    return known;
  };
  const shift = draw.below(2) * (1 + draw.below(40));
  const expr = (node: Expr): Expr => {
    switch (node.kind) {
      case 'name': return { ...node, name: fresh(node.name) };
      case 'number': return { ...node, value: node.value + shift };
      case 'text': return node;
      case 'size': return { ...node, of: fresh(node.of) };
      case 'call': return { ...node, args: node.args.map(expr) };
      case 'binary': return { ...node, left: expr(node.left), right: expr(node.right) };
    }
  };
  const stmt = (node: Stmt): Stmt => {
    switch (node.kind) {
      case 'let': case 'set': case 'add': return { ...node, name: fresh(node.name), value: expr(node.value) };
      case 'push': return { ...node, list: fresh(node.list), value: expr(node.value) };
      case 'list': return { ...node, name: fresh(node.name) };
      case 'if': return { ...node, test: expr(node.test), branch: node.branch.map(stmt), otherwise: node.otherwise.map(stmt) };
      case 'each': return { ...node, item: fresh(node.item), list: fresh(node.list), body: node.body.map(stmt) };
      case 'while': return { ...node, test: expr(node.test), body: node.body.map(stmt) };
      case 'throw': return node;
      case 'return': return { ...node, value: expr(node.value) };
    }
  };
  return { name, params: fn.params.map(fresh), body: fn.body.map(stmt) };
}

/** The same function with one statement more and, where it has more than five, one less (type 3). */
export function edit(fn: Fn, draw: Draw, name: string): Fn {
  const added = drawStatement(draw, { palette: drawPalette(draw), scope: fn.params, lists: fn.params, depth: 2 });
  const at = 2 + draw.below(fn.body.length - 2);
  const without = fn.body.length > 5 ? 2 + draw.below(fn.body.length - 3) : -1;
  return { ...fn, name, body: fn.body.flatMap((statement, i) => [...(i === at ? [added] : []), ...(i === without ? [] : [statement])]) };
}
