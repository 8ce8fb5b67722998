import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';

/**
 * Makes the page of a report: the application of `src/page/` in one HTML file, without data. `--html` and `serve` put these in.
 *
 * The script is allowed by its digest and nothing else is: whatever a model calls its actors, it does not run.
 */
const TARGET = new URL('../assets/report.html', import.meta.url);
const { version: preact } = JSON.parse(
  readFileSync(new URL('../node_modules/preact/package.json', import.meta.url), 'utf8'),
) as { version: string };

const { output } = (await build({
  configFile: false,
  logLevel: 'warn',
  root: fileURLToPath(new URL('../src/page', import.meta.url)),
  build: {
    write: false,
    target: 'es2022',
    cssTarget: 'esnext',
    modulePreload: false,
    rolldownOptions: { input: fileURLToPath(new URL('../src/page/main.tsx', import.meta.url)) },
  },
})) as Rolldown.RolldownOutput;

const script = only('.js').trim();
const style = only('.css').trim();
for (const text of [script, style]) {
  if (/<\/(script|style)|<!--/i.test(text)) throw new Error('the page would end its own script or style');
}

const policy = [
  "default-src 'none'",
  `script-src '${digest(script)}'`,
  `style-src '${digest(style)}'`,
  // to itself, where it is served
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

mkdirSync(dirname(fileURLToPath(TARGET)), { recursive: true });
// whole or not at all: somebody may read it meanwhile
const written = new URL(`report.${process.pid}.tmp`, TARGET);
writeFileSync(
  written,
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Holdfast report</title>
<!-- Contains Preact ${preact}, copyright (c) 2015-present Jason Miller, under the MIT licence. -->
<style>${style}</style>
</head>
<body>
<div id="app"></div>
<noscript>This report is made of data and a program that shows them: it needs JavaScript. <code>holdfast check</code> prints the same.</noscript>
<script type="application/json" id="report"></script>
<script type="module">${script}</script>
</body>
</html>
`,
);
renameSync(written, TARGET);

function only(extension: string): string {
  const files = output.filter(({ fileName }) => fileName.endsWith(extension));
  const [file] = files;
  if (files.length !== 1 || file === undefined)
    throw new Error(`the page is made of ${files.length} ${extension} files`);
  return file.type === 'chunk' ? file.code : String(file.source);
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
