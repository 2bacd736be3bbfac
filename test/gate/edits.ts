/** Numbers in [0, 1) from a generator of a test. */
export type Random = () => number;

const WORDS = ['amber', 'basil', 'cedar', 'delta', 'ember', 'fjord', 'grove', 'haven', 'islet', 'jetty'];
const RESERVED = new Set(('def return if else elif for while in not and or is None True False import from as with try except finally raise lambda yield async await '
  + 'class self function const let var new this throw typeof instanceof null undefined true false export default switch case break continue of number string boolean void readonly').split(' '));

function pick<T>(list: readonly T[], random: Random): T | undefined {
  return list[Math.floor(random() * list.length)];
}

/** Renames one identifier of a function wherever it stands, if it makes up at most `share` of its words. */
function renameOne(text: string, share: number, random: Random): string {
  const words = text.match(/[A-Za-z_]\w*/g) ?? [];
  const counts = new Map<string, number>();
  for (const word of words) if (!RESERVED.has(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const small = [...counts].filter(([, n]) => n <= share * words.length).map(([word]) => word);
  const chosen = pick(small, random);
  return chosen === undefined ? text : text.replace(new RegExp(`\\b${chosen}\\b`, 'g'), `${pick(WORDS, random) ?? ''}${Math.floor(random() * 90) + 10}`);
}

/** Drops, doubles or moves one line inside a function. */
function alterLine(text: string, random: Random): string {
  const lines = text.split('\n');
  const at = 1 + Math.floor(random() * Math.max(1, lines.length - 2));
  const line = lines[at] ?? '';
  const kind = random();
  if (kind < 0.4) lines.splice(at, 1);
  else if (kind < 0.7) lines.splice(at, 0, line);
  else lines.splice(at, 2, lines[at + 1] ?? '', line);
  return lines.join('\n');
}

/** Adds a statement that the language understands. */
function addLine(text: string, python: boolean, random: Random): string {
  const lines = text.split('\n');
  const at = 1 + Math.floor(random() * Math.max(1, lines.length - 2));
  const indent = /^\s*/.exec(lines[at] ?? '')?.[0] ?? '';
  const name = pick(WORDS, random) ?? '';
  const value = Math.floor(random() * 1000);
  lines.splice(at, 0, python ? `${indent}${name} = ${value}` : `${indent}const ${name}${value} = ${value};`);
  return lines.join('\n');
}

/** Replaces one number. */
function alterNumber(text: string, random: Random): string {
  const all = [...text.matchAll(/\b\d+\b/g)];
  const chosen = pick(all, random);
  if (chosen === undefined) return text;
  return `${text.slice(0, chosen.index)}${Math.floor(random() * 500)}${text.slice(chosen.index + chosen[0].length)}`;
}

/** A small edit as people make them: at most about a fifth of the lines or words of a function change. */
export function lightEdit(text: string, python: boolean, random: Random): string {
  const lines = text.split('\n').length;
  const most = Math.max(1, Math.floor(lines * 0.2));
  const steps = 1 + Math.floor(random() * most);
  let edited = text;
  for (let step = 0; step < steps; step++) {
    const kind = random();
    // a renamed name may stand in many lines: it is an edit of its own
    if (kind < 0.35 && step === 0) return renameOne(edited, 0.2, random);
    if (kind < 0.55) edited = alterNumber(edited, random);
    else if (kind < 0.8) edited = addLine(edited, python, random);
    else edited = alterLine(edited, random);
  }
  return edited;
}
