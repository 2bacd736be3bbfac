import { SimcodeError } from '../errors.ts';
import type { Skip, Warning } from '../types.ts';

/** A model whose similarities are not fitted. */
export function uncalibrated(id: string): Warning {
  return { code: 'uncalibrated', message: `Model ${id} has no calibration.json: similarities are a default's, not fitted on labelled pairs (fit one: simcode calibrate)` };
}

/** Fewer neighbours than wanted were looked at. */
export function crowded(limit: number): Warning {
  return { code: 'many-neighbours', message: `So many functions are alike that only the ${limit} nearest of each were looked at` };
}

/** No source file in the scope, and what may be the reason. */
export function nothingAnalysed(skips: readonly Skip[]): SimcodeError {
  const reasons = [...new Set(skips.map(({ reason }) => reason))].toSorted().join(', ');
  const left = skips.length === 0 ? 'no file there is in a known language' : `${skips.length} files were left out`;
  return new SimcodeError('nothing-analysed', `Nothing to analyse: ${left}.`, {
    hint: `Check the path.${reasons === '' ? '' : ` Left out as: ${reasons}; --tests include, --include-vendored and --include-generated take such files in.`}`,
  });
}
