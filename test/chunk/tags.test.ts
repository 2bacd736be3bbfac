import { expect, it } from 'vitest';
import { chunkFile } from '../../src/chunk/chunk.ts';
import { openGrammars } from '../../src/io/grammars.ts';

const grammars = await openGrammars();

async function tags(language: string, text: string): Promise<readonly string[]> {
  const { chunks } = await chunkFile({ path: 'f', language, text, sha256: '' }, grammars, { minLines: 1, minTokens: 1 });
  return chunks[0]?.tags ?? [];
}

const columns = ['id', 'name', 'mail', 'city', 'plan'].map((key, i) => `    { key: '${key}', title: 'Column ${key}', width: ${80 + i}, align: -1 },`).join('\n');

it.each([
  ['typescript', `export const columns = () => {\n  return [\n${columns}\n  ];\n};`],
  ['typescript', `function build(t) {\n  const base = 4;\n  return [\n${columns}\n  ];\n}`],
  ['tsx', `export const cross = () => {\n  return <svg className='icon' viewBox='0 0 16 16' version='1.1' width='16' height='16' aria-hidden='true'>\n    <path fillRule='evenodd' d='M3.72 3.72a.75.75 0 011.06'></path>\n  </svg>;\n};`],
  ['python', 'def defaults():\n    return {\n        "host": "localhost", "port": 5432, "user": "app", "retries": 3,\n        "timeout": 30.0, "schema": "public", "ssl": False, "pool": 10,\n    }\n'],
  ['go', 'func limits() map[string]int {\n\treturn map[string]int{"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}\n}'],
])('a table of literals is declarative (%s)', async (language, text) => {
  expect(await tags(language, text)).toContain('declarative');
});

it.each([
  ['too few literals', 'typescript', "function f() { return { a: 'x', b: 'y', c: 1, d: 2, e: 3 } }"],
  ['a branch among them', 'typescript', `function f(a) {\n  if (a) return [];\n  if (!a) return null;\n  for (const b of a) if (b > 2) return b;\n  return [\n${columns}\n  ];\n}`],
  ['a call for every entry', 'python', 'def add(p):\n' + ['host', 'port', 'user', 'db', 'ssl'].map((key) => `    p.add_argument("--${key}", default="x")\n`).join('')],
  ['markup that shows values', 'tsx', "const Row = ({ item }) => <div className='row' id={item.id} title={item.name} role='row'><b className='a' onClick={() => item.open()}>{item.price * 2}</b><i className='b' aria-hidden='true' /></div>;"],
  ['a script that branches', 'bash', 'setup() {\n  echo "making $1"\n  if [ ! -d "$1" ]; then\n    mkdir -p "$1"\n    echo "made $1"\n    chmod 0755 "$1"\n    chown "$2" "$1"\n    echo "done" "with" "$1"\n  fi\n}\n'],
  ['code with some literals', 'python', 'def scale(x):\n    y = x * 2 + 3\n    z = y ** 2 - 4\n    return z / 8 + 15 - y % 7 + 16 + 23 + 42\n'],
])('%s is not', async (_, language, text) => {
  expect(await tags(language, text)).not.toContain('declarative');
});

it.each([
  ['csharp', true, 'class A : B {\n  public A(ILogger log, IStore store) : base(log) {\n    _log = log;\n    _store = store;\n  }\n}'],
  ['python', true, 'class A:\n    def __init__(self, log, store=None):\n        super().__init__(log)\n        self.store = store\n'],
  ['typescript', true, 'class A {\n  constructor(log: Log, store: Store) {\n    this.log = log;\n    this.store = store;\n  }\n}'],
  ['typescript', false, 'class A {\n  constructor(log: Log, size: number) {\n    this.log = log.child();\n    this.rows = makeRows(size);\n  }\n}'],
  ['typescript', false, 'class A {\n  constructor(size: number) {\n    this.size = size * 2;\n  }\n}'],
  ['typescript', false, 'class A {\n  store(log: Log, size: number) {\n    this.log = log;\n    this.size = size;\n  }\n}'],
])('a constructor that only stores is an initializer (%s, %s)', async (language, is, text) => {
  expect((await tags(language, text)).includes('initializer')).toBe(is);
});
