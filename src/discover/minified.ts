/** Mean and longest line beyond which nobody wrote the file by hand; linguist takes a mean of 110 for JavaScript alone. */
const maxMean = 200;
const maxLine = 5000;
const leastLength = 1000;
/** Languages that minifiers write; in others long lines are tables and drawings. */
const minifiable = /\.[cm]?[jt]s$/i;

/** Whether a file is minified, by its name or by the length of its lines. */
export function isMinified(path: string, text: string): boolean {
  if (/[.-]min\.[cm]?jsx?$/i.test(path)) return true;
  if (text.length < leastLength || !minifiable.test(path)) return false;
  let lines = 0;
  let longest = 0;
  for (let start = 0; start < text.length;) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    if (end - start > 1) lines++;
    longest = Math.max(longest, end - start);
    start = end + 1;
  }
  // one long line is often data in a file written by hand: it counts when it is most of the file
  return text.length / Math.max(lines, 1) > maxMean ? longest > 2 * maxMean : longest > maxLine && longest > text.length / 2;
}
