import { hash } from 'node:crypto';

import { defaultCalibration } from '../score/default-calibration.ts';
import type { ScanResult } from '../types.ts';
import { version } from '../version.ts';
import type { Found } from './analyse.ts';
import { uncalibrated } from './notices.ts';
import type { CloneOptions, ClonePorts, EmbeddedFunctions, ScanOptions, ScanPorts } from './ports.ts';
import type { Stopwatch } from './stopwatch.ts';

/** The record that reports and the gate read. */
export function resultOf(
  { embedder, calibration }: ClonePorts, functions: Omit<EmbeddedFunctions, 'matrix'>, { classes, counts, warnings }: Found, options: CloneOptions, watch: Stopwatch,
): ScanResult {
  const { chunks, files, lines, embedded, cached, skips } = functions;
  const calibrated = calibration !== defaultCalibration;
  return {
    tool: { name: 'simcode', version },
    model: {
      id: embedder.id, revision: embedder.revision, device: embedder.device, dims: embedder.dims,
      instruction: embedder.instruction, calibrated,
    },
    root: options.root,
    config: { ...options.config, threshold: options.threshold ?? calibration.threshold },
    chunks, classes,
    counts: {
      files, lines, chunks: chunks.length, embedded, cached, ...counts, classes: classes.length,
      duplicatedLines: classes.reduce((sum, one) => sum + one.duplicatedLines, 0),
    },
    seconds: watch.seconds(),
    skips, warnings: [...functions.warnings, ...(calibrated ? [] : [uncalibrated(embedder.id)]), ...warnings],
  };
}

/** Hash of all that classes depend on besides the code. */
export function resultKey({ embedder, calibration }: ScanPorts, { config, rules, threshold, index, crossLanguage }: ScanOptions, digest: string): string {
  const { id, revision, dims, instruction, input } = embedder;
  const parts = [digest, config, rules?.switches, threshold, index, crossLanguage, id, revision, dims, instruction, input, calibration];
  return hash('sha256', JSON.stringify(parts));
}

/** Hash of all that pairs depend on besides the functions. */
export function pairsKey({ embedder: { id, revision, dims, instruction, input }, calibration }: ScanPorts, { threshold, index }: ScanOptions): string {
  return hash('sha256', JSON.stringify([threshold, index, id, revision, dims, instruction, input, calibration]));
}
