import { nearest } from '../config/validate.ts';
import { SimcodeError } from '../errors.ts';
import type { ReportOptions } from '../report/options.ts';
import { report, reportFormats } from '../report/index.ts';
import type { ScanResult } from '../types.ts';
import { painter, wantsColor } from './colors.ts';
import type { GlobalFlags } from './options.ts';
import { writeReportFile, writeStdout } from './output.ts';

/** One report to make: its format, and a file unless it goes to stdout. */
export interface ReportTarget {
  readonly format: string;
  readonly file?: string;
}

/** What the configuration and the flags say about reports. */
export interface Output {
  /** `name` or `name=file`. */
  readonly format: readonly string[];
  readonly output?: string | undefined;
}

/** Columns of a table that goes to no terminal. */
const fileWidth = 160;

/**
 * Which reports go where; a table on stdout when nothing is said.
 * @throws SimcodeError `bad-option` for unknown formats, and for two reports that want the same place
 */
export function reportTargets({ format, output }: Output): readonly ReportTarget[] {
  const targets = (format.length === 0 ? ['table'] : format).map(parseTarget);
  const open = targets.filter((target) => target.file === undefined);
  if (open.length > 1) {
    throw new SimcodeError('bad-option', `Both ${open[0]?.format} and ${open[1]?.format} would go to stdout.`, {
      hint: `Send one to a file: -f ${open[1]?.format}=report.${open[1]?.format}`,
    });
  }
  if (output === undefined) return checkPlaces(targets);
  if (open.length === 0) {
    throw new SimcodeError('bad-option', `Every format has its own file; nothing is left for --output ${output}.`, {
      hint: 'Give --output with a format that names no file, or leave it out.',
    });
  }
  return checkPlaces(targets.map((target) => (target.file === undefined ? { format: target.format, file: output } : target)));
}

function parseTarget(spec: string): ReportTarget {
  const at = spec.indexOf('=');
  const format = at < 0 ? spec : spec.slice(0, at);
  if (!reportFormats.includes(format)) {
    const near = nearest(format, reportFormats);
    throw new SimcodeError('bad-option', `Unknown report format ${JSON.stringify(format)}.`, {
      hint: `${near === undefined ? '' : `${near} `}Formats: ${reportFormats.join(', ')}.`,
    });
  }
  if (at < 0) return { format };
  const file = spec.slice(at + 1);
  if (file === '') throw new SimcodeError('bad-option', `No file after ${spec}`, { hint: `For example: -f ${format}=report.${format}` });
  return { format, file };
}

function checkPlaces(targets: readonly ReportTarget[]): readonly ReportTarget[] {
  const files = targets.map((target) => target.file);
  const twice = files.find((file, at) => file !== undefined && files.indexOf(file) !== at);
  if (twice === undefined) return targets;
  throw new SimcodeError('bad-option', `Two reports would be written to ${twice}.`, { hint: 'Give each its own file.' });
}

/** Makes and writes every report; those for files get neither colour nor a terminal's width. */
export async function writeReports(targets: readonly ReportTarget[], result: ScanResult, top: number, flags: GlobalFlags): Promise<void> {
  const shared: ReportOptions = { top, verbose: flags.verbose ?? false };
  const columns = Number.parseInt(process.env['COLUMNS'] ?? '', 10);
  const asked = columns > 0 ? columns : undefined;
  for (const { format, file } of targets) {
    if (file === undefined) {
      const paint = painter(wantsColor(process.stdout, flags.color, process.env));
      const width = asked ?? process.stdout.columns ?? fileWidth;
      await writeStdout(await report(format, result, { ...shared, paint, width }));
    } else {
      await writeReportFile(file, await report(format, result, { ...shared, width: asked ?? fileWidth }));
    }
  }
}

/** Columns for text to a terminal or a file: COLUMNS, else the terminal's, else 140. */
export function textWidth(output: string | undefined, least: number): number {
  const columns = Number.parseInt(process.env['COLUMNS'] ?? '', 10);
  return Math.max(least, columns > 0 ? columns : (output === undefined ? process.stdout.columns : undefined) ?? 140);
}
