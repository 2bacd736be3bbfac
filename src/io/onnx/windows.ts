import { NAME_MARK, type TextTokenizer } from '../tokenizer.ts';

export interface WindowLimits {
  /** Longest input of the model, special tokens included. */
  readonly maxTokens: number;
  /** Most parts of a text. */
  readonly windows?: number | undefined;
}

/** Token ids of a text, in parts that the model can read. */
export type Windows = (text: string) => readonly (readonly number[])[];

/** Parts have special tokens around each, and a function's name goes with each; the last is as short as what is left. */
export function createWindows(tokenizer: TextTokenizer, { maxTokens, windows = 1 }: WindowLimits): Windows {
  if (windows === 1) return (text) => [tokenizer.encode(text, maxTokens)];
  const [frame, probe] = [tokenizer.encode('', maxTokens), tokenizer.encode('a', maxTokens)];
  const differs = frame.findIndex((id, at) => id !== probe[at]);
  const before = differs < 0 ? frame.length : differs;
  const [opening, closing] = [frame.slice(0, before), frame.slice(before)];
  const room = maxTokens - frame.length;
  return (text) => {
    const all = tokenizer.encode(text, windows * room + frame.length);
    const mark = all.indexOf(NAME_MARK);
    const [ids, name] = mark < 0 ? [all, []] : [all.slice(0, mark), all.slice(mark)];
    if (ids.length <= maxTokens) return [all];
    const content = ids.slice(opening.length, ids.length - closing.length);
    return Array.from({ length: Math.ceil(content.length / room) }, (_, at) => [...opening, ...content.slice(at * room, (at + 1) * room), ...closing, ...name]);
  };
}

/** Adds the unit vector of a part to the sum for its text, by the part's tokens without those of the name. */
export function addWindow(sum: Float32Array, part: Float32Array, ids: readonly number[] | Int32Array): void {
  const mark = ids.indexOf(NAME_MARK);
  const tokens = mark < 0 ? ids.length : mark;
  for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] ?? 0) + tokens * (part[at] ?? 0);
}
