import { execFileSync } from 'node:child_process';
import { globSync, statSync } from 'node:fs';

/** Before the tests: the page of the report is made where it is missing, or older than what it is made of. */
export default function setup(): void {
  const made = statSync('assets/report.html', { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = globSync(['src/page/**', 'src/report/**', 'scripts/build-page.ts', 'package-lock.json']);
  if (sources.every((file) => statSync(file).mtimeMs < made)) return;
  execFileSync(process.execPath, ['scripts/build-page.ts'], { stdio: 'inherit' });
}
