import { SimcodeError } from '../errors.ts';

/** What a model says about instructions and prompts; all of it read from its files or the registry. */
export interface PromptSource {
  readonly id: string;
  /** With `{instruction}` and `{text}`, for models that were trained with free instructions. */
  readonly prompt?: string | undefined;
  /** Fixed prefixes by name (`prompts` of config_sentence_transformers.json). */
  readonly prompts?: Readonly<Record<string, string>> | undefined;
  /** Which of them applies when none is asked for. */
  readonly defaultPrompt?: string | undefined;
}

/** How texts are written for the model. */
export interface PromptPlan {
  /** What was put before documents, for the report and the cache key; `''` for bare texts. */
  readonly instruction: string;
  document(text: string): string;
  query(text: string): string;
}

/** Instructions by name. `search` is put before queries only, the others before both sides. */
export const instructionPresets = {
  clone: 'Given a function, retrieve functions that do the same thing, whatever their names, style or programming language',
  plagiarism: 'Given a source code submission, retrieve submissions that were derived from it by renaming, reordering or rewriting',
  search: 'Given a description of what code does, retrieve the functions that do it',
} as const;

/**
 * The prompt in force. `asked`: a preset, the name of one of the model's own prompts, `none`, free text, or a template
 * with `{text}`. Without it models that were trained with instructions get `clone` (with `purpose` search: `search`),
 * others their default prompt.
 * @throws SimcodeError bad-option (a word that is no preset; an instruction for a model that takes none)
 */
export function planPrompt(model: PromptSource, asked?: string, purpose: 'clone' | 'search' = 'clone'): PromptPlan {
  if (asked === undefined) return defaultPlan(model, purpose);
  if (asked === '' || asked === 'none') return plan('', bare, bare);
  if (asked.includes('{text}') && model.prompt === undefined) return same(asked, template(asked, ''));
  const own = model.prompts && Object.hasOwn(model.prompts, asked) ? model.prompts[asked] : undefined;
  if (isPreset(asked)) return presetPlan(model, asked);
  if (own !== undefined) return same(own, prefix(own));
  if (/^[\w-]{1,40}$/.test(asked)) throw unknownPreset(model, asked);
  if (model.prompt === undefined) throw takesNone(model);
  return same(asked, template(model.prompt, asked));
}

function defaultPlan(model: PromptSource, purpose: 'clone' | 'search'): PromptPlan {
  if (model.prompt !== undefined) return presetPlan(model, purpose);
  if (purpose === 'search' && model.prompts?.['query'] !== undefined) return presetPlan(model, 'search');
  const own = model.defaultPrompt === undefined ? undefined : model.prompts?.[model.defaultPrompt];
  return own ? same(own, prefix(own)) : plan('', bare, bare);
}

function presetPlan(model: PromptSource, preset: keyof typeof instructionPresets): PromptPlan {
  const instruction = instructionPresets[preset];
  if (model.prompt !== undefined) {
    const filled = template(model.prompt, instruction);
    return preset === 'search' ? plan('', bare, filled) : same(instruction, filled);
  }
  const query = model.prompts?.['query'];
  if (preset !== 'search' || query === undefined) throw takesNone(model);
  const document = model.prompts?.['document'] ?? '';
  return plan(document, prefix(document), prefix(query));
}

type Write = (text: string) => string;
const bare: Write = (text) => text;
const prefix = (prompt: string): Write => (text) => prompt + text;
const plan = (instruction: string, document: Write, query: Write): PromptPlan => ({ instruction, document, query });
const same = (instruction: string, write: Write): PromptPlan => plan(instruction, write, write);

/** Fills a template; neither the instruction nor the text is itself read as one. */
function template(pattern: string, instruction: string): Write {
  const parts = pattern.split(/(\{instruction\}|\{text\})/);
  return (text) => parts.map((part) => (part === '{instruction}' ? instruction : part === '{text}' ? text : part)).join('');
}

function isPreset(name: string): name is keyof typeof instructionPresets {
  return Object.hasOwn(instructionPresets, name);
}

function unknownPreset(model: PromptSource, asked: string): SimcodeError {
  const names = [...Object.keys(instructionPresets), 'none', ...Object.keys(model.prompts ?? {})];
  return new SimcodeError('bad-option', `There is no instruction ${asked}`, {
    hint: `Use ${[...new Set(names)].join(', ')}, or write the instruction out in several words.`,
  });
}

function takesNone(model: PromptSource): SimcodeError {
  return new SimcodeError('bad-option', `Model ${model.id} takes no instruction`, {
    hint: 'Leave the instruction out, use a model that was trained with instructions, or write a whole prompt with {text} where the code goes.',
  });
}
