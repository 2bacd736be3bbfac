"""Fifty texts that find differences between tokenizers, truncation and padding."""

CODE = [
    "function add(a, b) { return a + b; }",
    "def add(a, b):\n    return a + b\n",
    "public static int max(int[] xs) {\n  int m = xs[0];\n  for (int x : xs) if (x > m) m = x;\n  return m;\n}",
    "fn main() {\n    println!(\"Hello, world!\");\n}",
    "SELECT id, name FROM users WHERE age >= 21 ORDER BY name;",
    "const xs = [1, 2.5, 0x1f, 1e-9, 1_000_000n];",
    "if (a && !b || c ?? d) { throw new Error(`bad ${a}`); }",
    "for i in range(len(items)):\n\tprint(i, items[i])",
    "class Stack<T> { private items: T[] = []; push(x: T) { this.items.push(x); } }",
    "\t\t\tdeeply(\n\t\t\t\tindented,\n\t\t\t)",
    "func (s *Server) Close() error { return s.l.Close() }",
    "int *p = &a[3]; **q = (char)0x41;",
    "let x = y as unknown as Map<string, Array<() => void>>;",
    "import numpy as np; np.linalg.norm(v, axis=-1)",
    "#!/usr/bin/env bash\nset -euo pipefail\necho \"$@\"",
    "x = x",
    "camelCaseName snake_case_name SCREAMING_CASE kebab-case",
    "getHTTPResponseCode2xx parseXMLHttpRequest iPhone13Pro",
    "a.b.c.d.e.f(g)(h)[i]{j}",
    "return;;;;;;",
]
ODD = [
    "", " ", "\n", "a", "(", "0", "é", "\u200b", "\ufeffbom", "trailing space ", " leading space",
    "line one\r\nline two\r\n", "\r\r\n\n", "tab\tand\u00a0nbsp", "日本語のコメント", "关于函数的注释 // 返回和",
    "한국어 주석", "العربية ثم code()", "😀", "👩‍👩‍👧‍👦 family = 🚀🚀", "e\u0301 versus \u00e9", "ﬁne ligature", "İstanbul ISTANBUL straße",
    "<|endoftext|>", "text <|im_end|> inside", "[CLS] [SEP] [MASK]", "it's we'll don't I'M", "100000000000000000000",
]
LONG = ["function huge() {\n" + "  total += items[i].price * rate;\n" * 60 + "}", "word " * 400]

TEXTS = [*CODE, *ODD, *LONG]
assert len(TEXTS) == 50
