import { stat } from 'node:fs/promises';
import { SimcodeError } from '../errors.ts';
import { findSnapshot } from '../io/models/hub-paths.ts';
import { pullModel, type PullPlan } from '../io/models/pull.ts';
import { chooseWeights } from '../io/models/weights.ts';
import { resolveDevice } from '../io/onnx/devices.ts';
import { escapeText } from '../report/escape.ts';
import { megabytes } from './commands/cache.ts';
import { hubModel, type HubModel, type ModelChoice } from './models.ts';

export interface FetchOptions extends Pick<ModelChoice, 'device' | 'dtype' | 'offline'> { readonly acceptLicense?: true }

/**
 * Downloads a model; on stderr: what, how much and under which licence, before the first byte, then the progress.
 * Weights are, if none are asked for, those that suit the device.
 * @returns its folder
 * @throws SimcodeError network, missing-model, bad-model, io; bad-option for a licence that was not accepted; missing-device
 */
export async function fetchModel({ repo, revision, entry }: HubModel, { device = 'auto', dtype, offline = false, acceptLicense }: FetchOptions): Promise<string> {
  // what is not known may be large
  const bytes = entry ? Math.max(...Object.values(entry.sizes)) * 1e6 : Infinity;
  const precision = dtype || offline ? { device: 'cpu', f16: false } : await resolveDevice(device, bytes);
  let shown = 0;
  return pullModel({
    ...precision, repo, revision, dtype, offline,
    onPlan: (plan) => announce(plan, acceptLicense ?? false),
    onProgress: (done, total) => {
      const percent = Math.floor((100 * done) / Math.max(1, total));
      if (process.stderr.isTTY && percent > shown) process.stderr.write(`\r${(shown = percent)} %${percent === 100 ? '\n' : ''}`);
    },
  });
}

/** Downloads the model of a configuration unless it is here with the weights asked for, in the package, a folder, or on a server. */
export async function pullMissing({ model, device, dtype, offline, embedUrls = [] }: ModelChoice): Promise<void> {
  const hub = hubModel(model);
  if (hub === undefined || embedUrls.length > 0 || await stat(model).then((found) => found.isDirectory(), () => false)) return;
  const dir = await findSnapshot(hub.repo, hub.revision);
  const here = dir !== undefined && await chooseWeights(dir, dtype, { device: 'cpu', f16: false }).then(() => true, () => false);
  if (!here) await fetchModel(hub, { device, dtype, offline });
}

function announce({ repo, dtype, bytes, files }: PullPlan, accepted: boolean): void {
  const license = repo.license ?? 'unknown';
  process.stderr.write(`${repo.repo} at ${repo.commit.slice(0, 12)}: ${dtype}, ${files.length} files, ${megabytes(bytes)}, licence ${escapeText(license)}\n`);
  if (!accepted && forbidsCommerce(license)) {
    throw new SimcodeError('bad-option', `The licence of ${repo.repo}, ${license}, forbids commercial use`, {
      hint: `Nothing was downloaded. If that is fine for you: simcode models pull ${repo.repo} --accept-license.`,
    });
  }
}

/** Licence names of the hub that allow no commercial use, e.g. `cc-by-nc-4.0`. */
function forbidsCommerce(license: string): boolean {
  return /(?:^|[-_ ])nc(?:$|[-_ ])|non-?commercial|research/i.test(license);
}
