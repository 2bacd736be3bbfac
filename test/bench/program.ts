/** Small random programs as trees, so that a clone of known type is a change of the tree and not of text. */

export type Expr =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'call'; readonly callee: string; readonly args: readonly Expr[] }
  | { readonly kind: 'size'; readonly of: string }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expr; readonly right: Expr };

export type Stmt =
  | { readonly kind: 'let' | 'set' | 'add'; readonly name: string; readonly value: Expr }
  | { readonly kind: 'push'; readonly list: string; readonly value: Expr }
  | { readonly kind: 'list'; readonly name: string }
  | { readonly kind: 'if'; readonly test: Expr; readonly branch: readonly Stmt[]; readonly otherwise: readonly Stmt[] }
  | { readonly kind: 'each'; readonly item: string; readonly list: string; readonly body: readonly Stmt[] }
  | { readonly kind: 'while'; readonly test: Expr; readonly body: readonly Stmt[] }
  | { readonly kind: 'throw'; readonly message: string }
  | { readonly kind: 'return'; readonly value: Expr };

export interface Fn {
  readonly name: string;
  readonly params: readonly string[];
  readonly body: readonly Stmt[];
}

const NOUNS = `account address amount archive badge batch bucket budget cache cart channel chart chunk column comment contract
counter coupon course customer device document draft entry event field file filter folder frame graph group header
invoice item job key label layer ledger line lock matrix member message metric module node note offer order owner
packet page parcel patch path payment peer person pixel player policy post price product profile project quota record
region report request role route row rule sample schedule score segment sensor session shape signal slot source stage
station stock stream student style subject task team ticket token topic track trial unit upload user value vector
vehicle version visit volume vote wallet window worker zone`.split(/\s+/);
const VERBS = `apply assign build check clean collect compare compute convert count decode describe detect draw encode estimate
expand extract fetch find fold format gather group index inspect join limit list load locate mark measure merge move
normalize order pack parse pick plan prune rank read rebuild reduce refresh remove render repair replace resolve
round scan score select send settle shift sort split store sum swap sync tally trace trim update validate weigh`.split(/\s+/);
const WORDS = ['pending', 'closed', 'draft', 'public', 'hidden', 'urgent', 'unknown', 'archived', 'active', 'expired'];
const ARITHMETIC = ['+', '-', '*', '/', '%'];
const COMPARISONS = ['<', '>', '<=', '>=', '===', '!=='];

export interface Draw {
  readonly below: (bound: number) => number;
  readonly pick: <T>(items: readonly T[]) => T;
  /** Words that names are made of. */
  readonly nouns: readonly string[];
  readonly verbs: readonly string[];
}

export function createDraw(random: () => number): Draw {
  const below = (bound: number): number => Math.floor(random() * bound);
  return { below, pick: <T>(items: readonly T[]): T => items[below(items.length)] as T, nouns: NOUNS, verbs: VERBS };
}

/** The same draws, but for names that stay on one topic, as those of a function do. */
export function onTopic(draw: Draw): Draw {
  const some = (words: readonly string[], count: number): readonly string[] => Array.from({ length: count }, () => draw.pick(words));
  return { ...draw, nouns: some(NOUNS, 7), verbs: some(VERBS, 3) };
}

/** camelCase, two or three words. */
export function drawName({ below, pick, nouns, verbs }: Draw, first: 'verb' | 'noun'): string {
  const words = [pick(first === 'verb' ? verbs : nouns), pick(nouns), ...(below(3) === 0 ? [pick(nouns)] : [])];
  return words.map((word, i) => (i === 0 ? word : (word[0] ?? '').toUpperCase() + word.slice(1))).join('');
}

/** A function of some eight to twenty-five lines. */
export function drawFunction(draw: Draw, name: string): Fn {
  const params = Array.from({ length: 1 + draw.below(3) }, () => drawName(draw, 'noun'));
  const list = drawName(draw, 'noun');
  const total = drawName(draw, 'noun');
  const scope = [...params, total];
  const context: Context = { palette: drawPalette(draw), scope, lists: [list, params[0] ?? list], depth: 0 };
  const body: Stmt[] = [
    { kind: 'list', name: list },
    { kind: 'let', name: total, value: { kind: 'number', value: draw.below(10) } },
    ...drawBlock(draw, context, 2 + draw.below(6)),
    { kind: 'return', value: draw.below(2) === 0 ? { kind: 'name', name: list } : drawExpr(draw, context, 1) },
  ];
  return { name, params, body };
}

/** What a function is made of: few kinds of statements and operators each, so that functions differ in shape. */
export interface Palette {
  readonly kinds: readonly Stmt['kind'][];
  readonly arithmetic: readonly string[];
  readonly comparisons: readonly string[];
}

const FLAT: readonly Stmt['kind'][] = ['let', 'push', 'add', 'set', 'throw'];
const NESTING: readonly Stmt['kind'][] = ['while', 'each', 'if'];

export function drawPalette(draw: Draw): Palette {
  const some = <T>(items: readonly T[], most: number): readonly T[] => Array.from({ length: 1 + draw.below(most) }, () => draw.pick(items));
  return { kinds: [...some(FLAT, 4), ...some(NESTING, 3)], arithmetic: some(ARITHMETIC, 2), comparisons: some(COMPARISONS, 2) };
}

interface Context {
  readonly palette: Palette;
  readonly scope: readonly string[];
  readonly lists: readonly string[];
  readonly depth: number;
}

function drawBlock(draw: Draw, context: Context, length: number): readonly Stmt[] {
  const block: Stmt[] = [];
  let { scope } = context;
  for (let i = 0; i < length; i++) {
    const statement = drawStatement(draw, { ...context, scope });
    block.push(statement);
    if (statement.kind === 'let') scope = [...scope, statement.name];
  }
  return block;
}

export function drawStatement(draw: Draw, context: Context): Stmt {
  const { palette, scope, lists, depth } = context;
  const inner = { ...context, depth: depth + 1 };
  const expr = (most: number): Expr => drawExpr(draw, context, most);
  const test = (): Expr => ({ kind: 'binary', operator: draw.pick(palette.comparisons), left: expr(1), right: expr(0) });
  const kind = draw.pick(depth > 1 ? palette.kinds.filter((each) => FLAT.includes(each)) : palette.kinds);
  switch (kind) {
    case 'let': return { kind, name: drawName(draw, 'noun'), value: expr(2) };
    case 'push': return { kind, list: draw.pick(lists), value: expr(1) };
    case 'add': case 'set': return { kind, name: draw.pick(scope), value: expr(2) };
    case 'throw': return { kind: 'if', test: test(), branch: [{ kind, message: `${draw.pick(WORDS)} ${draw.pick(NOUNS)}` }], otherwise: [] };
    case 'while': return { kind, test: test(), body: drawBlock(draw, inner, 1 + draw.below(3)) };
    case 'each': {
      const item = drawName(draw, 'noun');
      return { kind, item, list: draw.pick(lists), body: drawBlock(draw, { ...inner, scope: [...scope, item] }, 1 + draw.below(4)) };
    }
    default: return {
      kind: 'if', test: test(), branch: drawBlock(draw, inner, 1 + draw.below(3)), otherwise: draw.below(2) === 0 ? [] : drawBlock(draw, inner, 1),
    };
  }
}

function drawExpr(draw: Draw, context: Context, depth: number): Expr {
  const { palette, scope } = context;
  switch (draw.below(depth > 0 ? 6 : 3)) {
    case 0: return { kind: 'number', value: draw.below(200) };
    case 1: return { kind: 'name', name: draw.pick(scope) };
    case 2: return draw.below(3) === 0 ? { kind: 'text', value: draw.pick(WORDS) } : { kind: 'name', name: draw.pick(scope) };
    case 3: return { kind: 'size', of: draw.pick(scope) };
    case 4: return { kind: 'call', callee: drawName(draw, 'verb'), args: Array.from({ length: 1 + draw.below(2) }, () => drawExpr(draw, context, depth - 1)) };
    default: return { kind: 'binary', operator: draw.pick(palette.arithmetic), left: drawExpr(draw, context, depth - 1), right: drawExpr(draw, context, depth - 1) };
  }
}
