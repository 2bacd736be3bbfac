import { escapeText } from './escape.ts';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** Text for content or an attribute of XML 1.0: controls, which XML cannot hold, are shown as `\x1b`. */
export function escapeXml(text: string): string {
  return escapeText(text).replace(/[&<>"']/g, (char) => entities[char] ?? char).replace(/[\ufffe\uffff]/g, '?');
}

/** ` name="value"` for each attribute that has a value. */
export function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values).map(([name, value]) => (value === undefined ? '' : ` ${name}="${escapeXml(String(value))}"`)).join('');
}
