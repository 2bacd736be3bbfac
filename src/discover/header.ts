const maxLines = 60;
const maxLength = 16_384;
const lineComment = /^(?:\/\/|#(?!(?:include|define|undef|if|ifdef|ifndef|endif|pragma|import|error)\b)|--|;|%|<!--|'|REM\b)/;
const blocks: readonly (readonly [open: string, close: string])[] = [['/*', '*/'], ['"""', '"""'], ["'''", "'''"], ['--[[', ']]'], ['=begin', '=end'], ['{-', '-}']];

/**
 * Text of the comments before the first code of a file, and of comments among its first few directives
 * (`package`, `'use strict'`, `<?php`): where programs that write code say so. At most 60 lines are looked at.
 */
export function headerComments(text: string): string {
  const comments: string[] = [];
  let close: string | undefined;
  let code = 0;
  for (const raw of text.slice(0, maxLength).split(/\r?\n/, maxLines)) {
    const line = raw.trim();
    if (close !== undefined) {
      comments.push(line);
      if (line.includes(close)) close = undefined;
      continue;
    }
    const block = blocks.find(([open]) => line.startsWith(open));
    if (block !== undefined) {
      comments.push(line);
      close = line.slice(block[0].length).includes(block[1]) ? undefined : block[1];
    } else if (lineComment.test(line)) comments.push(line);
    else if (line !== '' && ++code > 3) break;
  }
  return comments.join('\n');
}
