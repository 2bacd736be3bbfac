import type { Dtype } from './dtype.ts';

/** A model on the hub that simcode knows by name; the rest is read from the model's own files. */
export interface RegistryEntry {
  readonly name: string;
  /** Hub id of the repository with the ONNX files. */
  readonly repo: string;
  /** Commit of it. */
  readonly revision: string;
  readonly license: string;
  readonly parameters: string;
  readonly dims: number;
  /** Least dimensions its vectors may be cut to (matryoshka training). */
  readonly minDims?: number;
  readonly maxTokens: number;
  /** Template for free instructions. */
  readonly prompt?: string;
  readonly prompts?: Readonly<Record<string, string>>;
  /** Where the repository's files do not say. */
  readonly pooling?: 'mean' | 'cls' | 'last';
  /** Megabytes to download per dtype; those not listed are not offered. */
  readonly sizes: Readonly<Partial<Record<Dtype, number>>>;
  /** Names of the same weights elsewhere: hub ids of the original, names at servers. */
  readonly aliases: readonly string[];
  readonly about: string;
}

/** All licences here permit commercial use. Sizes are rounded. */
export const registry: readonly RegistryEntry[] = [
  {
    name: 'qwen3-embedding-0.6b', repo: 'onnx-community/Qwen3-Embedding-0.6B-ONNX', revision: 'c25a394dd583836952667c12f008335071b3f43d',
    license: 'apache-2.0', parameters: '0.6 B', dims: 1024, minDims: 32, maxTokens: 8192, pooling: 'last',
    prompt: 'Instruct: {instruction}\nQuery:{text}', sizes: { fp32: 2400, fp16: 1200, q8: 614, int8: 625, uint8: 614, q4f16: 570 },
    aliases: ['Qwen/Qwen3-Embedding-0.6B', 'qwen3-embedding:0.6b', 'qwen3-embedding'],
    about: 'multilingual text and code, follows instructions',
  },
  {
    name: 'gte-modernbert-base', repo: 'Alibaba-NLP/gte-modernbert-base', revision: 'e7f32e3c00f91d699e8c43b53106206bcc72bb22',
    license: 'apache-2.0', parameters: '149 M', dims: 768, maxTokens: 8192, pooling: 'cls',
    sizes: { fp32: 596, fp16: 299, q8: 151, int8: 151 }, aliases: [], about: 'English and code',
  },
  {
    name: 'jina-embeddings-v2-base-code', repo: 'jinaai/jina-embeddings-v2-base-code', revision: '516f4baf13dec4ddddda8631e019b5737c8bc250',
    license: 'apache-2.0', parameters: '161 M', dims: 768, maxTokens: 8192, pooling: 'mean',
    sizes: { fp32: 642, fp16: 322, q8: 162 }, aliases: [], about: 'English and 30 programming languages',
  },
  {
    name: 'granite-embedding-small-english-r2', repo: 'onnx-community/granite-embedding-small-english-r2-ONNX', revision: '1dc7835ba0cb9c76a3618d0bf0c427c97671b3c8',
    license: 'apache-2.0', parameters: '47 M', dims: 384, maxTokens: 8192, pooling: 'cls',
    sizes: { fp32: 195, fp16: 98, q8: 52 }, aliases: ['ibm-granite/granite-embedding-small-english-r2', 'granite-embedding-small'], about: 'English and code, small',
  },
  {
    name: 'all-minilm-l6-v2', repo: 'Xenova/all-MiniLM-L6-v2', revision: '751bff37182d3f1213fa05d7196b954e230abad9',
    license: 'apache-2.0', parameters: '22 M', dims: 384, maxTokens: 256, pooling: 'mean',
    sizes: { fp32: 90, fp16: 45, q8: 23, int8: 23, uint8: 23 }, aliases: ['sentence-transformers/all-MiniLM-L6-v2', 'all-minilm'], about: 'English sentences, small and fast',
  },
  {
    name: 'bge-small-en-v1.5', repo: 'Xenova/bge-small-en-v1.5', revision: 'ea104dacec62c0de699686887e3f920caeb4f3e3',
    license: 'mit', parameters: '33 M', dims: 384, maxTokens: 512, pooling: 'cls',
    prompts: { query: 'Represent this sentence for searching relevant passages: ' },
    sizes: { fp32: 133, fp16: 67, q8: 34, int8: 34, uint8: 34 }, aliases: ['BAAI/bge-small-en-v1.5'], about: 'English sentences, small and fast',
  },
];

/** The entry of a name, hub id or alias, in any case. */
export function registered(name: string): RegistryEntry | undefined {
  const wanted = name.toLowerCase();
  return registry.find((entry) => [entry.name, entry.repo, ...entry.aliases].some((known) => known.toLowerCase() === wanted));
}
