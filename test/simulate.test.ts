import { spawn } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { type Ended, holdfast } from './cli-fixtures/holdfast.ts';

const FIXTURES = 'test/cli-fixtures';
const MODELS = `${FIXTURES}/models`;

/** What is wrong is told with its place, the reason and the remedy, and without a stack. */
function expectLocated({ out, err }: Ended): void {
  expect(out + err).toMatch(/\n +where .*\n +why .*\n +instead .*\n +explain /);
  expect(out + err).not.toMatch(/\n +at /);
}

describe.concurrent('holdfast simulate', () => {
  test('finds what is expected, and exits with 3, since it proves nothing', async () => {
    const { code, out } = await holdfast(['simulate', MODELS, '--seed', '5', '--runs', '100']);
    expect(code).toBe(3);
    expect(out).toContain('"every addition counts" violated after 4 steps, found in run ');
    expect(out).toMatch(
      /reproduce: holdfast simulate .*lost-update\.ts --variant together --seed 5 --runs \d+ --depth 100 --property "every addition counts"\n/,
    );
    expect(out).toMatch(/fault +clerk\[\d\] \(step 3\) races with clerk\[\d\] \(step 4\); step 2 goes wrong/);
    expect(out).toContain('unknown  deadlock, unhandled: random runs prove nothing\n');
    expect(out).toContain('seen     3 of 3 transitions\n');
    expect(out.replace('no property is violated', '')).not.toMatch(/\bholds?\b|✓/);
  });

  test('prints the same for the same seed, and the coverage on request', async () => {
    const again = ['simulate', MODELS, '--seed', '5', '--runs', '20', '--coverage'];
    const [one, two] = await Promise.all([holdfast(again), holdfast(again)]);
    expect(one).toEqual(two);
    expect(one.out).toMatch(/clerk: 2 of 2 transitions taken/);
  });

  test('exits with 1 where it finds what nobody expects', async () => {
    const { code, out } = await holdfast(['simulate', `${FIXTURES}/expectations.ts`, '--variant', 'too good']);
    expect(code).toBe(1);
    expect(out).toMatch(/every addition counts" violated after 4 steps, found in run \d+, expected holds\n/);
  });

  test('exits with 4 where the specification is impure', async () => {
    const ended = await holdfast(['simulate', `${FIXTURES}/broken/impure-guard.ts`]);
    expect(ended.code).toBe(4);
    expectLocated(ended);
  });

  test('looks for the properties that are named alone, in the variants that have them', async () => {
    const args = ['simulate', MODELS, `${FIXTURES}/stuck.ts`, '--seed', '5', '--runs', '20'];
    const { code, out } = await holdfast([...args, '--property', 'every addition counts']);
    expect(code).toBe(3);
    expect(out).toContain('"every addition counts" violated after 4 steps, found in run ');
    expect(out).not.toMatch(/stuck|deadlock/);
    const both = await holdfast([...args, '--property', 'every addition counts', '--property', 'deadlock']);
    expect(both.out).toMatch(/stuck both: "deadlock" violated after 2 steps/);
    const none = await holdfast([...args, '--property', 'every adition counts']);
    expect(none.code).toBe(2);
    expectLocated(none);
    expect(none.err).toContain('did you mean "every addition counts"?');
  });

  test('prints one JSON document with --json, errors in it too', async () => {
    const broken = `${FIXTURES}/broken/impure-guard.ts`;
    const { code, out } = await holdfast(['simulate', MODELS, broken, '--seed', '5', '--runs', '20', '--json']);
    const { exit, asked, models, errors, untried, isShrunk } = JSON.parse(out);
    expect([code, exit, untried, isShrunk]).toEqual([4, 4, 0, true]);
    expect(asked).toEqual({ seed: 5, runs: 20, depth: 100, properties: [] });
    expect(errors).toEqual([expect.objectContaining({ file: broken, fault: 'spec' })]);
    const [alone, together] = models[0].variants;
    expect([alone.name, alone.violations, alone.stats.runs]).toEqual(['alone', [], 20]);
    expect(together.unknown).toEqual(['deadlock', 'unhandled']);
    const [violation] = together.violations;
    expect(violation).toMatchObject({
      property: 'every addition counts',
      of: 'always',
      expected: 'violated',
      steps: 4,
    });
    expect([violation.run.steps.length, violation.at.run > 0, violation.explanation.order.threads.length]).toEqual([
      4,
      true,
      2,
    ]);
    const usage = await holdfast(['simulate', MODELS, '--variant', 'alon', '--json']);
    expect(JSON.parse(usage.out)).toMatchObject({ exit: 2, errors: [{ fault: 'usage' }] });
  });

  test('goes on for as long as it is told, and says that it was the time that ended it', async () => {
    const { code, out } = await holdfast(['simulate', MODELS, '--variant', 'alone', '--max-time', '300ms']);
    expect(code).toBe(3);
    expect(out).toMatch(/\n {3}stopped {2}--max-time 0\.3s reached in run [\d,]+\n/);
    const both = await holdfast(['simulate', MODELS, '--variant', 'alone', '--max-time', '1h', '--runs', '5']);
    expect(both.out).toMatch(/ 5 runs of up to 2 steps/);
    expect(both.out).not.toContain('stopped');
  });

  /** Interrupts what has found the deadlock of the first model and is at the second of three. */
  const interrupted = (): Promise<Ended> => {
    const files = [`${FIXTURES}/stuck.ts`, `${MODELS}/lost-update.ts`];
    const asked = ['--property', 'deadlock', '--seed', '1', '--max-time', '1h'];
    const child = spawn(process.execPath, ['src/main.ts', 'simulate', ...files, ...asked]);
    return new Promise((resolve) => {
      let [out, err] = ['', ''];
      child.stdout.on('data', (chunk: Buffer) => {
        out += chunk.toString();
        // a second one would end it at once
        if (out.includes('reproduce:') && !child.killed) child.kill('SIGINT');
      });
      child.stderr.on('data', (chunk: Buffer) => {
        err += chunk.toString();
      });
      child.on('close', (code) => resolve({ code, out, err }));
    });
  };

  test('says what was found so far where it is interrupted, and exits with 130', async () => {
    const { code, out, err } = await interrupted();
    expect(code).toBe(130);
    expect(out).toContain('stuck both: "deadlock" violated after 2 steps');
    expect(out).toMatch(/lost-update alone .*\n {3}stopped {2}interrupted in run [\d,]+\n/);
    expect(out).not.toContain('lost-update together');
    expect(err).toContain('holdfast: interrupted; what was found so far is told, and 1 variant not begun\n');
  });
});
