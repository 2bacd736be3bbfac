/** Vocabulary of languages and their grammars; everybody reads it through `types.ts`. */

/** Registered language, e.g. `typescript`, `tsx`, `javascript`, `python` (see `grammars/`). */
export type LanguageId = string;

export type ChunkKind =
  | 'function' | 'method' | 'constructor' | 'getter' | 'setter' | 'arrow' | 'lambda' | 'class-method' | 'block';

/**
 * What the chunk stage must know of a language; the data of `grammars/<language>/language.json`.
 * A *selector* names children of a node type: `type.field`, `type.*` (all), `type.#0` (n-th named) or `type.#child_type`.
 */
export interface LanguageSpec {
  readonly id: LanguageId;
  readonly title: string;
  /**
   * Node types that are functions, with their kind and the selector tail of their name; with `body` only where a node of
   * that type follows, which then belongs to it.
   */
  readonly functions: Readonly<Record<string, { readonly kind: ChunkKind; readonly name?: string; readonly body?: string }>>;
  /** Node types that qualify the names inside them, with the selector tail of their own name. */
  readonly scopes: Readonly<Record<string, string>>;
  /** Node types around a lone function that belong to its chunk: exports, declarations, decorators. */
  readonly wrappers: readonly string[];
  /** Selector of a bound function → selector tail of the name it is bound to. */
  readonly bindings: Readonly<Record<string, string>>;
  /** Node types that hold the arguments of the name just before them, where a call has no node of its own. */
  readonly applications: readonly string[];
  /** Node types whose children are arguments of a call. */
  readonly argumentLists: readonly string[];
  /** Node types that belong to the function that follows them. */
  readonly decorators: readonly string[];
  /** Node type of a method → field of its receiver. */
  readonly receivers: Readonly<Record<string, string>>;
  readonly constructors: readonly string[];
  readonly comments: readonly string[];
  readonly strings: readonly string[];
  /** Children of strings that are code. */
  readonly interpolations: readonly string[];
  readonly numbers: readonly string[];
  /** Statements that are documentation when a string is all they hold. */
  readonly docstrings: readonly string[];
  /** Named leaves that are no identifiers. */
  readonly keywords: readonly string[];
  /** Identifiers that mean the same everywhere, e.g. `self`. */
  readonly reserved: readonly string[];
  /** Node types read as one leaf, e.g. a name with its sigil. */
  readonly atoms: readonly string[];
  /** Leaves that are neither code nor comment. */
  readonly skip: readonly string[];
  /** Node types whose extent is told by indentation alone. */
  readonly blocks: readonly string[];
  /** Selectors of member names, callees, definition names, names bound, and exceptions inside the last two. */
  readonly properties: readonly string[];
  readonly calls: readonly string[];
  readonly definitions: readonly string[];
  readonly binders: readonly string[];
  readonly unbinders: readonly string[];
  /** Callees and names that mark test code. */
  readonly tests: readonly string[];
  /** What a file must hold to be code rather than plain text, `''` for nothing (PHP: `<?`). */
  readonly opening: string;
  /** Keywords that error recovery takes for names of functions. */
  readonly notNames: readonly string[];
  /** Whether the language has `#if`, whose branches may be no whole statements. */
  readonly conditionals: boolean;
  /** What the grammar does not know: regular expressions, and what to read instead, padded with blanks. */
  readonly gaps: readonly { readonly pattern: string; readonly as: string }[];
  /** Texts to put around a bare snippet that does not parse by itself, in order of preference. */
  readonly snippets: readonly { readonly prefix: string; readonly suffix: string }[];
}

/** A language whose files hold code of others; the data of a `language.json` with `host` in place of a grammar. */
export interface HostSpec {
  readonly id: LanguageId;
  readonly title: string;
  /** `markup`: script elements; `notebook`: the code cells of a Jupyter notebook. */
  readonly format: 'markup' | 'notebook';
  /** Language of code that names none. */
  readonly code: LanguageId;
  /** Language by the name that code gives it, in lower case; code with another name is left out. */
  readonly names: Readonly<Record<string, LanguageId>>;
  /** Language of what stands between `---` lines at the top. */
  readonly fence?: LanguageId;
}

/** A grammar ready to compile. */
export interface GrammarSource {
  readonly spec: LanguageSpec;
  readonly wasm: Uint8Array;
}

/** Grammars by language; both methods throw SimcodeError `missing-grammar` for a language that is not registered, `load` also for a host. */
export interface Grammars {
  readonly languages: readonly LanguageId[];
  load(language: LanguageId): Promise<GrammarSource>;
  /** What a host says of the code inside it; undefined for a language of its own. */
  host(language: LanguageId): Promise<HostSpec | undefined>;
}
