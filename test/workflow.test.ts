import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { sarif } from './sarif-schema.ts';

/**
 * The workflow of the README, taken at its word: its steps are run one after the other as GitHub runs them, each shard in a folder of
 * its own. Only what it takes from elsewhere is done here: the actions, `npm ci`, and `npx`, which runs this working copy.
 */

const step = z.strictObject({
  uses: z.string().optional(),
  run: z.string().optional(),
  if: z.string().optional(),
  with: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});
const job = z.strictObject({
  needs: z.string().optional(),
  if: z.string().optional(),
  'runs-on': z.string(),
  'timeout-minutes': z.number(),
  permissions: z.record(z.string(), z.enum(['read', 'write'])).optional(),
  strategy: z.object({ 'fail-fast': z.literal(false), matrix: z.object({ shard: z.array(z.number()) }) }).optional(),
  steps: z.array(step.refine(({ uses, run }) => (uses === undefined) !== (run === undefined), 'either uses or runs')),
});
const workflow = z.strictObject({
  name: z.string(),
  on: z.object({ pull_request: z.null(), push: z.object({ branches: z.array(z.string()) }) }),
  permissions: z.strictObject({ contents: z.literal('read') }),
  jobs: z.strictObject({ check: job, report: job }),
});
type Step = z.infer<typeof step>;

const readme = readFileSync('README.md', 'utf8');
const blocks = [...readme.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text]) => text!);
const { jobs } = workflow.parse(parse(blocks[0]!));
const { check, report } = jobs;

/** The actions that it uses, in the majors that were current when this was written. */
const ACTIONS = [
  'actions/checkout@v7',
  'actions/setup-node@v7',
  'actions/upload-artifact@v7',
  'actions/download-artifact@v8',
  'github/codeql-action/upload-sarif@v4',
];

describe('the workflow of the README', () => {
  test('is the only one there, and uses actions that are known', () => {
    expect(blocks).toHaveLength(1);
    const used = [...check.steps, ...report.steps].flatMap(({ uses }) => uses ?? []);
    expect([...new Set(used)].sort()).toEqual([...ACTIONS].sort());
  });

  test('runs each shard once, and makes a report whatever came of them', () => {
    const shards = check.strategy!.matrix.shard;
    const [line] = check.steps.flatMap(({ run }) => (run?.includes('--shard') ? [run] : []));
    expect(line).toContain(`--shard \${{ matrix.shard }}/${shards.length}`);
    expect(shards).toEqual(shards.map((_, i) => i + 1));
    expect(report.needs).toBe('check');
    expect(report.if).toMatch(/^\$\{\{ !cancelled\(\) \}\}$/);
  });
});

// ---------------------------------------------------------------------------------------------------------- as GitHub runs it

const temporary = mkdtempSync(join(tmpdir(), 'holdfast-workflow-'));
afterAll(() => rmSync(temporary, { recursive: true }));

/** What stands on the path in front of everything else. */
const tools = join(temporary, 'bin');
mkdirSync(tools);
for (const [name, script] of [
  [
    'npx',
    `[ "$1" = holdfast ] || exit 99\nshift\nexec '${process.execPath}' '${join(process.cwd(), 'src/main.ts')}' "$@"`,
  ],
  ['npm', '[ "$*" = ci ]'],
] as const) {
  writeFileSync(join(tools, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

interface Machine {
  readonly folder: string;
  /** What machines hand to each other. */
  readonly artifacts: string;
  readonly summary: string;
  /** All that its steps have printed. */
  log: string;
  isFailed: boolean;
}

/** A machine with the models checked out. */
function machine(of: string, name: string, model: string): Machine {
  const folder = join(temporary, of, name);
  mkdirSync(join(folder, 'models'), { recursive: true });
  const file = pathToFileURL(join(process.cwd(), 'test/cli-fixtures', model)).href;
  writeFileSync(join(folder, 'models', 'office.ts'), `export { default } from '${file}';\n`);
  return {
    folder,
    artifacts: join(temporary, of, 'artifacts'),
    summary: join(temporary, of, `${name}.md`),
    log: '',
    isFailed: false,
  };
}

/** Takes one step as the runner does: after one that failed only those that say that they are to be taken. */
function take(on: Machine, { uses, run, if: condition, with: inputs = {} }: Step, shard: number): void {
  if (on.isFailed && condition === undefined) return;
  const filled = (text: string) => text.replace(/\$\{\{ matrix\.shard \}\}/g, String(shard));
  if (run !== undefined) {
    const { status, stdout, stderr } = spawnSync(
      'bash',
      ['--noprofile', '--norc', '-eo', 'pipefail', '-c', filled(run)],
      {
        cwd: on.folder,
        env: {
          ...process.env,
          PATH: `${tools}:${process.env.PATH}`,
          GITHUB_WORKSPACE: on.folder,
          GITHUB_STEP_SUMMARY: on.summary,
        },
        encoding: 'utf8',
      },
    );
    on.log += stdout + stderr;
    on.isFailed ||= status !== 0;
  } else if (uses!.startsWith('actions/upload-artifact')) {
    const kept = join(on.artifacts, filled(String(inputs.name)));
    mkdirSync(kept, { recursive: true });
    for (const file of globSync(String(inputs.path), { cwd: on.folder }))
      copyFileSync(join(on.folder, file), join(kept, file));
  } else if (uses!.startsWith('actions/download-artifact')) {
    expect(inputs['merge-multiple']).toBe(true);
    for (const file of globSync(`${inputs.pattern}/*`, { cwd: on.artifacts }))
      copyFileSync(join(on.artifacts, file), join(on.folder, file.split('/')[1]!));
  } else if (uses!.startsWith('github/codeql-action')) {
    expect(existsSync(join(on.folder, String(inputs.sarif_file)))).toBe(true);
  }
}

/** The whole of it, on these models. */
function worked(name: string, model: string) {
  const machines = check.strategy!.matrix.shard.map((shard) => {
    const on = machine(name, String(shard), model);
    for (const each of check.steps) take(on, each, shard);
    return on;
  });
  const last = machine(name, 'report', model);
  for (const each of report.steps) take(last, each, 0);
  return { machines, last };
}

describe.skipIf(spawnSync('bash', ['-c', 'true']).status !== 0)('run as GitHub runs it', () => {
  test('succeeds where all is as expected, and leaves its reports', { timeout: 120_000 }, () => {
    const { machines, last } = worked('good', 'models/lost-update.ts');
    expect(machines.map(({ isFailed, log }) => [isFailed, log.includes('\nshard ')])).toEqual(
      machines.map(() => [false, true]),
    );
    expect(last.isFailed).toBe(false);
    expect(last.log).toMatch(/\n1 model, 2 variants: 2 as expected\n/);
    expect(last.log).not.toContain('::error');
    expect(readFileSync(last.summary, 'utf8')).toMatch(/^# Holdfast: all as expected\n/);
    expect(readdirSync(join(last.artifacts, 'report')).sort()).toEqual(['holdfast.sarif', 'holdfast.xml']);
    for (const i of [1, 2, 3, 4])
      expect(existsSync(join(last.artifacts, `holdfast-${i}`, `holdfast-${i}.html`))).toBe(true);
  });

  test('fails where something differs, and says so in every report', { timeout: 120_000 }, () => {
    const { machines, last } = worked('bad', 'expectations.ts');
    const left = (file: string) => readFileSync(join(last.artifacts, 'report', file), 'utf8');
    expect(machines.some(({ isFailed }) => isFailed)).toBe(true);
    expect(last.isFailed).toBe(true);
    expect(last.log).toMatch(/\n::error file=models\/office\.ts,line=\d+,title=Holdfast%3A expectations too good::/);
    expect(readFileSync(last.summary, 'utf8')).toMatch(/^# Holdfast: [1-9] findings?\n/);
    expect(sarif.parse(JSON.parse(left('holdfast.sarif'))).runs[0]!.results.length).toBeGreaterThan(0);
    expect(left('holdfast.xml')).toMatch(/<testsuites name="holdfast"[^>]* failures="[1-9]/);
  });
});
