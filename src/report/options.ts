import type { ScanResult } from '../types.ts';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Wraps text in a style, or returns it unchanged where colour is off. */
export type Painter = (style: Style, text: string) => string;

/** What a reporter may be told about where its text goes; it never looks for itself. */
export interface ReportOptions {
  /** Columns available; narrower than 50 is taken as 50. Default 120. */
  readonly width?: number;
  /** Default: no colour. */
  readonly paint?: Painter;
  /** Classes shown by reports for people, 0 for all. Default 20. */
  readonly top?: number;
  /** Every member of every class shown, every file left out listed. */
  readonly verbose?: boolean;
}

/** Pure: same result and options in, same text out. */
export type Reporter = (result: ScanResult, options: ReportOptions) => string;

/** The painter of a stream without colour. */
export function plain(_style: Style, text: string): string {
  return text;
}
