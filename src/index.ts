/** The same run without the terminal. */
export { runScan } from './cli/wiring.ts';
export type { ScanRequest } from './cli/wiring.ts';
export { SimcodeError } from './errors.ts';
export { report, reportFormats } from './report/index.ts';
export type { Chunk, CloneClass, ClonePair, CloneType, ProgressEvent, ScanCounts, ScanResult, SourceRange, Verdict, Warning } from './types.ts';
