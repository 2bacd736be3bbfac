/**
 * Characters a terminal may act on or that reorder or hide text: C0 and C1 controls, DEL, line and paragraph
 * separators, bidirectional controls (Unicode Technical Report 36; "Trojan Source", CVE-2021-42574),
 * zero-width characters, the byte-order mark, tags and lone surrogates.
 */
const unsafe =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Shows what came from a repository on one line of a terminal: unsafe characters as `\n`, `\x1b` or `\u{202e}`. */
export function escapeText(text: string): string {
  return text.replace(unsafe, (char) => {
    const code = char.codePointAt(0) ?? 0;
    const hex = code.toString(16);
    return short[char] ?? (code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex}}`);
  });
}

/** Makes JSON text safe to print: unsafe characters, which JSON only allows inside strings, as `\uXXXX`. */
export function escapeJson(json: string): string {
  return json.replace(unsafe, (char) => {
    if (char === '\n') return char;
    let escaped = '';
    for (let at = 0; at < char.length; at++) escaped += `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`;
    return escaped;
  });
}
