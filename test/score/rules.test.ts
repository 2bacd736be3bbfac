import { expect, test } from 'vitest';
import { isolation } from '../../src/cli/wiring.ts';
import { applyRules, markParallel, NOISE_RULES, INVERSE_LEXICAL, OVERRIDE_LEXICAL, PARALLEL_LEXICAL, TYPE_4_TOKENS } from '../../src/score/rules.ts';
import type { Chunk, CloneClass, ClonePair } from '../../src/types.ts';
import { TokenKind } from '../../src/types.ts';
import { hashOf, packToken, tokenHash } from '../../src/util/tokens.ts';
import { toyChunk } from '../helpers/toy-chunk.ts';

/** A function with a name of its own in each file. */
const chunk = (path: string, change: Partial<Chunk> = {}): Chunk => {
  const name = path.replaceAll(/\W/g, '_');
  return { ...toyChunk(`function run() { ${'work() '.repeat(40)}}`, { path }), name, qualifiedName: name, ...change };
};
const pair = (a: Chunk, b: Chunk, change: Partial<ClonePair> = {}): ClonePair =>
  ({ a: a.id, b: b.id, similarity: 0.9, cosine: 0.9, lexical: 0.5, structural: 0.8, type: 4, ...change });
const run = (a: Chunk, b: Chunk, change: Partial<ClonePair> = {}, options = {}) => applyRules([a, b], [pair(a, b, change)], options).filtered;

test('a pair without a tag is kept and nothing is counted', () => {
  const [a, b] = [chunk('a.ts'), chunk('b.ts')];
  expect(applyRules([a, b], [pair(a, b)])).toEqual({ kept: [pair(a, b)], filtered: {} });
});

test.each(['accessor', 'delegation', 'declarative'] as const)('%s holds when both sides are, and can be switched off', (tag) => {
  const tagged = [chunk('a.ts', { tags: [tag] }), chunk('b.ts', { tags: [tag] })] as const;
  expect(run(...tagged)).toEqual({ [tag]: 1 });
  expect(run(tagged[0], chunk('b.ts'))).toEqual({});
  expect(run(...tagged, {}, { switches: { [tag]: false } })).toEqual({});
});

test('tests are left out by default, and the rest when only tests are wanted', () => {
  const [made, checked, other] = [chunk('a.ts'), chunk('a.test.ts', { tags: ['test'] }), chunk('b.test.ts', { tags: ['test'] })];
  expect(run(made, checked)).toEqual({ test: 1 });
  const only = { switches: { test: false, production: true } };
  expect(run(checked, other, {}, only)).toEqual({});
  expect(run(made, checked, {}, only)).toEqual({ production: 1 });
});

test('one that calls the other is no rewrite of it', () => {
  const named = (path: string, name: string, body: string): Chunk => {
    const made = toyChunk(`function ${name}(x) { ${body} ${'work '.repeat(40)}}`, { path });
    const callee = /return (\w+)\(/.exec(body)?.[1] ?? '';
    return { ...made, tokens: made.tokens.map((token) => (hashOf(token) === tokenHash(callee) ? packToken(tokenHash(callee), TokenKind.callee) : token)) };
  };
  const [total, report] = [named('a.ts', 'total', 'return x + 1'), named('b.ts', 'report', 'return total(x)')];
  expect([run(total, report), run(report, total)]).toEqual([{ caller: 1 }, { caller: 1 }]);
  expect(run(total, report, { type: 3 })).toEqual({});
  expect(run(total, named('b.ts', 'report', 'return totals(x)'))).toEqual({});
  expect(run(total, named('lib/b.ts', 'total', 'return total(x)'))).toEqual({});
  expect(run(total, report, {}, { switches: { caller: false } })).toEqual({});
});

test('two schema migrations are left out, one is not', () => {
  const [first, second] = [chunk('db/migrate/20240101_create_users.rb'), chunk('alembic/versions/2024-03-18_add_rating.py')];
  expect(run(first, second, { type: 3 })).toEqual({ migration: 1 });
  expect(run(first, chunk('alembic/versions/ab0bae02578f_add_units.py'), { type: 3 })).toEqual({ migration: 1 });
  expect(run(first, chunk('db/knex_migrations/2023-08-16-create-user.js'), { type: 3 })).toEqual({ migration: 1 });
  expect(run(first, chunk('Data/Migrations/20240101_AddUsers.cs'), { type: 3 })).toEqual({ migration: 1 });
  expect(run(first, chunk('db/schema.rb'), { type: 3 })).toEqual({});
  expect(run(chunk('src/migrations/runner.ts'), second, { type: 3 })).toEqual({});
});

test('methods that say they override one are parallel up to the higher likeness', () => {
  const method = (path: string, modifier: string): Chunk => ({ ...toyChunk(`${modifier} function options() { add(1) }`, { path, language: 'java' }), kind: 'method', name: 'options', qualifiedName: `${path}.options` });
  const alike = { type: 3, lexical: OVERRIDE_LEXICAL - 0.01 } as const;
  expect(run(method('A.java', '@Override'), method('B.java', 'public'), alike)).toEqual({ parallel: 1 });
  expect(run(method('A.java', 'public'), method('B.java', 'public'), alike)).toEqual({});
});

test('functions with opposite names are left out unless their text is alike', () => {
  const named = (path: string, name: string): Chunk => chunk(path, { name });
  const [push, pop] = [named('a.ts', 'pushItem'), named('b.ts', 'popItem')];
  const on = { switches: { short: false } };
  expect([run(push, pop, {}, on), run(pop, push, {}, on)]).toEqual([{ inverse: 1 }, { inverse: 1 }]);
  expect(run(push, pop, { type: 3, lexical: INVERSE_LEXICAL - 0.01 })).toEqual({ inverse: 1 });
  expect(run(push, pop, { type: 3, lexical: INVERSE_LEXICAL })).toEqual({});
  expect(run(named('a.py', 'allocate_stocks'), named('b.py', 'deallocate_stock'), {}, on)).toEqual({ inverse: 1 });
  expect(run(push, named('b.ts', 'popLeft'), {}, on)).toEqual({});
  expect(run(push, named('b.ts', 'pushItems'), {}, on)).toEqual({});
  expect(run(push, named('b.ts', 'push_item'), {}, on)).toEqual({});
});

test('methods of one name in two classes are parallel unless their text is alike', () => {
  const method = (path: string, name = 'connect'): Chunk => chunk(path, { kind: 'method', name, qualifiedName: `${path}.${name}` });
  expect(run(method('mysql.ts'), method('postgres.ts'))).toEqual({ parallel: 1 });
  expect(run(method('mysql.ts'), method('postgres.ts'), { lexical: PARALLEL_LEXICAL })).toEqual({});
  expect(run(method('mysql.ts'), method('postgres.ts', 'open'))).toEqual({});
  expect(run(method('a.ts'), { ...method('a.py'), language: 'python' }, {}, { switches: { short: false } })).toEqual({});
});

test('overrides of one method are parallel up to a higher likeness', () => {
  const method = (path: string, body: string, language = 'typescript'): Chunk => ({ ...toyChunk(`function dispose() { ${body} }`, { path, language }), kind: 'method', name: 'dispose', qualifiedName: `${path}.dispose` });
  const alike = { type: 3, lexical: OVERRIDE_LEXICAL - 0.01 } as const;
  const [plain, calling] = [method('a.ts', 'this.timer.stop()'), method('b.ts', 'super.dispose(); this.watcher.stop()')];
  expect(run(plain, calling, alike)).toEqual({ parallel: 1 });
  expect(run(plain, calling, { ...alike, lexical: OVERRIDE_LEXICAL })).toEqual({});
  expect(run(plain, method('b.ts', 'super.close(); this.dispose()'), alike)).toEqual({});
  expect(run(method('a.py', 'super().dispose()', 'python'), method('b.py', 'stop()', 'python'), alike)).toEqual({ parallel: 1 });
});

test('what a language asks every class for is parallel however alike, but not when it is the same text', () => {
  const equals = (path: string, language = 'java', name = 'equals'): Chunk => chunk(path, { kind: 'method', name, qualifiedName: `${path}.${name}`, language });
  const alike = { type: 2, lexical: 0.95 } as const;
  expect(run(equals('A.java'), equals('B.java'), alike)).toEqual({ parallel: 1 });
  expect(run(equals('A.java'), equals('B.java'), { ...alike, type: 1 })).toEqual({});
  expect(run(equals('a.py', 'python', '__repr__'), equals('b.py', 'python', '__repr__'), alike)).toEqual({ parallel: 1 });
  expect(run(equals('a.py', 'python'), equals('b.py', 'python'), alike)).toEqual({});
  expect(run(equals('A.java'), equals('B.java', 'java', 'hashCode'), alike)).toEqual({});
});

test('with the rule off, classes of nothing but parallel implementations are marked', () => {
  const method = (path: string): Chunk => chunk(path, { kind: 'method', name: 'connect', qualifiedName: `${path}.connect` });
  const chunks = [method('mysql.ts'), method('postgres.ts'), method('sqlite.ts')];
  const [a, b, c] = chunks as [Chunk, Chunk, Chunk];
  const classOf = (pairs: readonly ClonePair[]) => ({ id: 'x', pairs }) as CloneClass;
  expect(run(a, b, {}, { switches: { parallel: false } })).toEqual({});
  const marked = markParallel(chunks, [classOf([pair(a, b), pair(a, c)]), classOf([pair(a, b), pair(a, c, { lexical: 0.9 })]), classOf([])]);
  expect(marked.map(({ parallel }) => parallel)).toEqual([true, undefined, undefined]);
});

test('pairs alike by behaviour alone need a least size on both sides', () => {
  const sized = (path: string, words: number): Chunk => toyChunk(`( ${'a '.repeat(words)})`, { path });
  const [long, short] = [sized('a.ts', TYPE_4_TOKENS), sized('b.ts', TYPE_4_TOKENS - 1)];
  expect(run(long, short)).toEqual({ short: 1 });
  expect(run(long, sized('c.ts', TYPE_4_TOKENS))).toEqual({});
  expect(run(long, short, { type: 3 })).toEqual({});
  expect(run(long, short, {}, { switches: { short: false } })).toEqual({});
});

test('folders of one isolate group are not compared with each other, but each with itself and with the rest', () => {
  const isolate = isolation([['drivers/*', 'legacy'], ['apps/web', 'apps/desktop']]);
  const dropped = (a: string, b: string) => run(chunk(a), chunk(b), {}, { isolate });
  expect(dropped('drivers/mysql/a.ts', 'drivers/postgres/a.ts')).toEqual({ isolate: 1 });
  expect(dropped('drivers/mysql/a.ts', 'src/legacy/b.ts')).toEqual({ isolate: 1 });
  expect(dropped('apps/web/x/a.ts', 'apps/desktop/y/b.ts')).toEqual({ isolate: 1 });
  expect(dropped('drivers/mysql/a.ts', 'drivers/mysql/deep/b.ts')).toEqual({});
  expect(dropped('src/legacy/a.ts', 'src/legacy/b.ts')).toEqual({});
  expect(dropped('drivers/mysql/a.ts', 'apps/web/b.ts')).toEqual({});
  expect(dropped('drivers/mysql/a.ts', 'core/b.ts')).toEqual({});
  expect(run(chunk('drivers/a/x.ts'), chunk('drivers/b/x.ts'), {}, { isolate, switches: { isolate: false } })).toEqual({});
});

test('every rule says what it is about', () => {
  for (const { about } of Object.values(NOISE_RULES)) expect(about).not.toBe('');
});

test('functions of one name in two files of a folder are parallel unless their text is alike', () => {
  const named = (path: string, more: Partial<Chunk> = {}): Chunk => chunk(path, { name: 'response', qualifiedName: 'response', ...more });
  const [bing, qwant] = [named('engines/bing.py'), named('engines/qwant.py')];
  const weak = { type: 3, lexical: PARALLEL_LEXICAL - 0.01 } as const;
  expect(run(bing, qwant, weak)).toEqual({ parallel: 1 });
  expect(run(bing, qwant, { ...weak, lexical: PARALLEL_LEXICAL })).toEqual({});
  expect(run(bing, named('plugins/qwant.py'), weak)).toEqual({});
  expect(run(bing, named('engines/qwant.py', { qualifiedName: 'Engine.response' }), weak)).toEqual({});
  expect(run(bing, named('engines/qwant.py', { name: 'answer', qualifiedName: 'answer' }), weak)).toEqual({});
});
