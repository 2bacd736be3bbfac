import { execFileSync } from 'node:child_process';

/** Tests spawn `bin/simcode.js`, which runs the compiled code: compile it once a run. */
export function setup(): void {
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
}
