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

/** Whether a POSIX path relative to the root lies in a vendored folder or is a well-known vendored file. */
export function isVendored(path: string): boolean {
  const parts = path.split('/');
  return files.test(parts.pop() ?? '') || parts.some((part) => folders.has(part));
}

/** Whether a directory itself is a vendored folder: what a walk need not enter. */
export function isVendoredFolder(directory: string): boolean {
  return folders.has(directory.slice(directory.lastIndexOf('/') + 1));
}

/** Whether a POSIX path lies in a folder that build tools write to. */
export function isBuildOutput(path: string): boolean {
  return path.split('/').slice(0, -1).some((part) => outputs.has(part));
}
