import type { SourceRange } from '../types.ts';

/** Turns UTF-16 indices of one text into ranges. Lines end at `\n`; columns count UTF-16 units. */
export class Positions {
  private readonly lines: number[] = [0];
  private readonly lineBytes: number[] | undefined;

  private readonly text: string;

  constructor(text: string) {
    this.text = text;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.lines.push(at + 1);
    if (Buffer.byteLength(text) === text.length) return;
    this.lineBytes = [];
    let bytes = 0;
    for (const [line, start] of this.lines.entries()) {
      this.lineBytes.push(bytes);
      bytes += Buffer.byteLength(text.slice(start, this.lines[line + 1]));
    }
  }

  /** 1-based line of an index. */
  lineAt(index: number): number {
    let low = 0;
    let high = this.lines.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.lines[middle] ?? 0) <= index) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  range(startIndex: number, endIndex: number): SourceRange {
    const startLine = this.lineAt(startIndex);
    const endLine = this.lineAt(endIndex > startIndex ? endIndex - 1 : endIndex);
    return {
      startLine, endLine, startIndex, endIndex,
      startColumn: startIndex - (this.lines[startLine - 1] ?? 0) + 1,
      endColumn: endIndex - (this.lines[endLine - 1] ?? 0) + 1,
      startByte: this.byteAt(startIndex, startLine),
      endByte: this.byteAt(endIndex, endLine),
    };
  }

  private byteAt(index: number, line: number): number {
    if (this.lineBytes === undefined) return index;
    return (this.lineBytes[line - 1] ?? 0) + Buffer.byteLength(this.text.slice(this.lines[line - 1], index));
  }
}
