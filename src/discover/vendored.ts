/** Folders that hold other people's code, or what a tool keeps there, wherever they lie (after github-linguist's vendor.yml). */
const folders = new Set([
  'node_modules', 'bower_components', 'jspm_packages', 'web_modules', '.yarn', '.pnpm-store',
  'vendor', 'third_party', 'third-party', 'thirdparty', '3rdparty', 'Godeps', 'Pods', 'Carthage', '_vendor',
  'site-packages', 'dist-packages', '__pypackages__', '.venv', 'venv', 'virtualenv', '.tox', '.nox', '.eggs',
  '.next', '.nuxt', '.svelte-kit', '.angular', '.parcel-cache', '.turbo', '.cache', '.gradle', '.terraform', '.bundle',
  '__pycache__', '.mypy_cache', '.pytest_cache', '.ruff_cache', '.nyc_output', 'coverage', '.git', '.hg', '.svn',
]);
const files = /^(?:\.pnp\.[cm]?js|\.pnp\.loader\.mjs|jquery(?:[-.]\d[\d.]*)?(?:\.slim)?\.js|gradlew|get-pip\.py|ez_setup\.py|versioneer\.py|config\.guess|config\.sub|ltmain\.sh)$/;

/** Folders where build tools put their output; a file in them is left out only if it looks built. */
const outputs = new Set(['dist', 'build', 'out', 'output', 'esm', 'cjs', 'umd', 'bundle', 'bundles', 'public', 'static', 'assets', 'wwwroot']);

/** In such a folder, one version of something: `public/plugins/codemirror-5.17.0`. */
const versioned = /^[a-z][\w.]*(?:-[a-z]\w*)*-v?\d+\.\d+\.\d+$/i;

/** Whether a POSIX path relative to the root lies in a vendored folder or is a well-known vendored file. */
export function isVendored(path: string): boolean {
  const parts = path.split('/');
  return files.test(parts.pop() ?? '') || parts.some((_, at) => isVendoredPart(parts, at));
}

function isVendoredPart(parts: readonly string[], at: number): boolean {
  const part = parts[at] ?? '';
  return folders.has(part) || (versioned.test(part) && inOutput(parts.slice(0, at)));
}

/** Whether a directory itself is a vendored folder: what a walk need not enter. */
export function isVendoredFolder(directory: string): boolean {
  const parts = directory.split('/');
  return isVendoredPart(parts, parts.length - 1);
}

/** Whether a POSIX path lies in a folder that build tools write to. */
export function isBuildOutput(path: string): boolean {
  return inOutput(path.split('/').slice(0, -1));
}

function inOutput(above: readonly string[]): boolean {
  return above.some((part) => outputs.has(part));
}
