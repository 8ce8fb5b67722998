import { describe, expect, test } from 'vitest';
import { check } from '../src/explore/check.ts';
import type { Explanation } from '../src/explore/explain/explanation.ts';
import type { Model } from '../src/explore/model.ts';
import type { Run, Verdict } from '../src/explore/verdict.ts';
import { plainScreen } from '../src/report/screen.ts';
import { faultText, whyLines } from '../src/report/why.ts';
import { run, screen, step, view, violated } from './cli-fixtures/by-hand.ts';

/** What stands under the run of a violation. */
function told({ run, ...verdict }: Verdict, width = 120): string {
  return `\n${whyLines([verdict], run!, plainScreen(width)).slice(1).join('\n')}\n`;
}

async function violation(model: string, variant: string, property: string): Promise<Verdict> {
  const { default: loaded } = (await import(`../models/${model}.ts`)) as { default: Model };
  const named = loaded.variants.find(({ name }) => name === variant)!;
  const { verdicts } = check(loaded, named, { properties: [property], explain: true });
  return verdicts.find((verdict) => verdict.property === property)!;
}

describe('under the run of a violation of the shipped protocol', () => {
  test('stands who races and which step goes wrong: a handler that does not wait for the mount', async () => {
    expect(told(await violation('poison-during-mount', 'P1', 'I1 NoEarlyWalk'))).toMatchInlineSnapshot(`
      "
          claim    The rmapbt is walked only when its perags are there and the log has nothing left to replay.
          fault    handler (step 16) races with mount; step 16 goes wrong: handler agf.read {perag: false, shutdown: false}
                     does not wait for mount perags.initialised
          why      handler is tagged "walking" (since step 16, handler)
                   perags is tagged "absent" (from the start)
          order    mount 1-2, holder 3-5, mount 6
                   failure[0] 7-10, notifier 11-13, handler 14-16
                   across them only 5 before 12, 6 before 15 matter
          instead  after step 15: mount perags.initialised and 2 other steps, then handler agf.read {perag: true, shutdown:
                     false}; to its end (11 steps) no property is violated
      "
    `);
  });

  test('stands who races and which step goes wrong: perags that are freed before they are walked', async () => {
    expect(told(await violation('umount-window', 'P6', 'I2 NoLateWalk'))).toMatchInlineSnapshot(`
      "
          claim    Nobody walks perags that have been freed.
          fault    umount (step 5) races with handler (step 16); step 11, on the way to step 16, goes wrong: notifier ops.read
                     {set: true} does not wait for holder ops.cleared
          why      handler is tagged "walking" (since step 16, handler)
                   perags is tagged "freed" (since step 5, umount)
          order    umount 1-5
                   failure 6-9, notifier 10-12, handler 13-16
                   across them only 5 before 16 matters
          needed   without step 5 or 16 the others go on, and nothing is violated
          instead  after step 10: umount bdev.closed, buftarg.freed; holder data.exchanged, ops.cleared, then notifier
                     ops.read {set: false}; to its end (7 steps) no property is violated
      "
    `);
  });

  test('stands that nobody races where one thread alone comes to it: a walk that a shutdown ends', async () => {
    expect(told(await violation('walk-all-owners', 'P2b', 'I11 WalkAll'))).toMatchInlineSnapshot(`
      "
          claim  A walk that has begun ends when every owner in its range has been visited.
          fault  no race, handler alone: once step 1 is taken (failure poison.reported) nothing avoids it; step 19 breaks it:
                   handler record.found {file: -1, more: 2, owner: "metadata"}
          why    before the step handler is tagged "scanning" (since step 11, handler)
                 after the step handler is not tagged "scanning" (since step 19, handler)
                 after the step file[1] is tagged "present" (from the start)
                 after the step file[1]: inRange is true (from the start)
                 after the step file[1]: visited is false (from the start)
      "
    `);
  });

  test('stands that nobody races where it takes two, one after the other: a holder that looks at nothing', async () => {
    expect(told(await violation('two-holders', 'holder-overwritten', 'I4 OwnPutOnly'))).toMatchInlineSnapshot(`
      "
          claim   Whoever is registered stays so until its own put.
          fault   no race, holder[1] alone: step 8 breaks it: holder[1] data.exchanged {found: "mp"}
          why     before the step dax: data is "mp" (since step 6, holder[0])
                  after the step dax: data is "other" (since step 8, holder[1])
          order   mount[0] 1-2, holder[0] 5-6
                  mount[1] 3-4, holder[1] 7-8
                  across them only 5 before 7, 6 before 8 matter
          needed  without step 6 or 8 the others go on, and nothing is violated
      "
    `);
  });

  test.each([
    [
      'a step that comes before another, and no error that it should have waited for',
      'I3 WholePair',
      'holder[1] (step 12) races with holder[0] (step 13); step 12 goes wrong: holder[1] ops.installed comes before holder[0] ops.cleared (step 13)',
    ],
    [
      'who has changed what the other looks at, and nobody who takes no step',
      'I3 HolderPair',
      'notifier (step 15) races with holder[0] (step 13); step 13 goes wrong: holder[0] data.exchanged {found: "mp"} does not wait for handler holder.read',
    ],
    [
      'a step on the way, and not the error that makes it known',
      'I17 NoLeak',
      'mount[0] (step 14) races with mount[1] (step 16); step 10, on the way to step 16, goes wrong: holder[1] data.exchanged {found: "mp"} comes before holder[0] data.exchanged (step 12)',
    ],
  ])('stands, of two holders, %s', async (_, property, sentence) => {
    const { run, explanation } = await violation('two-holders', 'P6', property);
    expect(faultText(explanation!, run!)).toBe(sentence);
  });

  test('stands who races and which step goes wrong: a fault that asks before the kill, and maps after it', async () => {
    expect(told(await violation('unplug-revokes', 'P6', 'I7 UnplugRevokes'))).toMatchInlineSnapshot(`
      "
          claim    When the memory of the device is removed, no page table entry points into it.
          fault    task[0] (step 25) races with unbind (step 39); step 23 goes wrong: task[0] alive.read {alive: true} comes
                     before unbind alive.cleared (step 30)
          why      memmap is tagged "removed" (since step 39, unbind)
                   task[0] is tagged "mapped" (since step 25, task[0])
          order    unbind 1-3, notifier 4-6, preRemove 7-10, freeze 11, preRemove 12-15, revoke 16-18, preRemove 26-29, unbind
                     30-39
                   task[0] 19-25
                   across them only 18 before 19, 20 before 27, 23 before 30, 24 before 37 matter
          needed   without step 25 or 39 the others go on, and nothing is violated
          instead  after step 22: preRemove record.found, shutdown.forced, kernel.thawed, user.thawed; unbind alive.cleared,
                     then task[0] alive.read {alive: false}; to its end (16 steps) no property is violated
      "
    `);
  });
});

/** An explanation that says nothing. */
const nothing: Explanation = { reasons: [], order: { threads: [[1, 2, 3, 4]], across: [] }, leftOut: [] };
const explained = (explanation: Partial<Explanation>, more: Partial<Verdict> = {}): Verdict => ({
  ...violated,
  ...more,
  explanation: { ...nothing, ...explanation },
});

describe('the lines under a run', () => {
  test('are none where nothing is known', () => {
    expect(whyLines([violated], run, screen)).toEqual([]);
  });

  test('are what its author says of the property, where nothing is explained', () => {
    expect(whyLines([{ ...violated, about: 'Every job\nis done.' }], run, screen)).toEqual([
      '',
      '    claim  Every job\\nis done.',
    ]);
  });

  test('are said once of several properties', () => {
    const one = explained({}, { about: 'Every job is done.' });
    const lines = whyLines([one, { ...one, property: 'another', about: 'Another.' }], run, screen);
    expect(lines.map((line) => line.trim())).toEqual([
      '',
      'claim  Every job is done.',
      'fault  step 4 breaks it: worker[0] job {n: 1}',
      'claim  Another.',
    ]);
  });

  test('keep to the width of the screen', () => {
    const verdict = explained({
      reasons: [{ actor: 'sender', self: 0, path: ['jobs', 0, 'to whom'], value: 'x'.repeat(90), since: 1 }],
      order: {
        threads: [
          [1, 2],
          [3, 4],
        ],
        across: [[1, 3]],
      },
    });
    for (const width of [60, 80, 120]) {
      for (const line of whyLines([verdict], run, plainScreen(width))) expect(line.length).toBeLessThanOrEqual(width);
    }
  });

  test('name tags, fields and mail, as they are or are not', () => {
    const reasons: Explanation['reasons'] = [
      { actor: 'sender', self: 0, tag: 'rest', value: false, since: 0 },
      { actor: 'worker', self: 1, tag: 'done', value: true, in: 'before', since: 3 },
      { actor: 'worker', self: 0, path: ['a b', 2, 'c'], value: null, in: 'after', since: 4 },
      { actor: 'worker', self: 0, value: [], since: 0 },
      { actor: 'worker', self: 0, value: [{ type: 'job', n: 1 }], since: 1 },
    ];
    expect(told(explained({ reasons }))).toMatchInlineSnapshot(`
      "
          fault  step 4 breaks it: worker[0] job {n: 1}
          why    sender is not tagged "rest" (from the start)
                 before the step worker[1] is tagged "done" (since step 3, worker[0])
                 after the step worker[0]: "a b"[2].c is null (since step 4, worker[0])
                 worker[0] has no mail (from the start)
                 worker[0] has mail: job {n: 1} (since step 1, sender)
      "
    `);
  });

  test('have the first of many, and how many more there are', () => {
    const reasons = Array.from({ length: 9 }, (_, i) => ({ actor: 'sender', self: 0, path: [i], value: i, since: 0 }));
    const across = Array.from({ length: 9 }, (_, i) => [i + 1, i + 2] as const);
    const text = told(explained({ reasons, order: { threads: [[1, 2, 3], [4]], across } }));
    expect(text).toContain('3 more');
    expect(text).not.toContain('[7]');
  });

  test('say which steps are not needed, and which must not meet', () => {
    const leftOut: Explanation['leftOut'] = [
      { step: 1, leaves: 'kept' },
      { step: 2, leaves: 'violated' },
      { step: 3, leaves: 'stuck' },
      { step: 4, leaves: 'kept' },
    ];
    expect(told(explained({ leftOut }))).toMatchInlineSnapshot(`
      "
          fault   step 4 breaks it: worker[0] job {n: 1}
          needed  without step 1 or 4 the others go on, and nothing is violated
                  not needed: step 2
      "
    `);
  });
});

describe('the fault in one sentence', () => {
  const retry = step({ actor: 'worker', self: 1, message: { type: 'retried' } });
  const again = step({ actor: 'worker', self: 0, message: { type: 'job', n: 2 } as { type: string } });

  test.each<[what: string, explanation: Partial<Explanation>, sentence: string]>([
    [
      'where something better comes later',
      {
        instead: {
          same: 2,
          steps: [retry, again],
          end: 'settled',
          keeps: 'all',
          awaited: { step: 1, behind: [], comes: 4 },
          next: 2,
        },
      },
      'worker[0] (step 4) races with worker[1]; step 3 goes wrong: worker[0] job {n: 1} comes before worker[1] retried (step 4)',
    ],
    [
      'where it never comes',
      {
        instead: {
          same: 2,
          steps: [retry, again],
          end: 'settled',
          keeps: 'this',
          awaited: { step: 1, behind: [] },
          next: 2,
        },
      },
      'worker[0] (step 4) races with worker[1]; step 3 goes wrong: worker[0] job {n: 1} does not wait for worker[1] retried',
    ],
    [
      'where the actor itself could do otherwise',
      { instead: { same: 2, steps: [again], end: 'taken', keeps: 'all', next: 1 } },
      'step 3 goes wrong: worker[0] job {n: 1}, where worker[0] job {n: 2} would do no harm',
    ],
    [
      'where it is too late after some step',
      { tooLate: 1 },
      'once step 1 is taken (sender begin {many: 2}) nothing avoids it; step 4 breaks it: worker[0] job {n: 1}',
    ],
    ['where it is too late with the last one', { tooLate: 4 }, 'step 4 breaks it: worker[0] job {n: 1}'],
    [
      'where one alone comes to it',
      { alone: { actor: 'sender', self: 0 }, tooLate: 1 },
      'no race, sender alone: once step 1 is taken (sender begin {many: 2}) nothing avoids it; step 4 breaks it: worker[0] job {n: 1}',
    ],
    [
      'where the environment would do no harm later',
      {
        instead: {
          same: 2,
          steps: [retry, again],
          end: 'settled',
          keeps: 'all',
          early: true,
          awaited: { step: 1, behind: [] },
          next: 2,
        },
      },
      'worker[0] (step 4) races with worker[1]; step 3 comes too early: worker[0] job {n: 1}, before worker[1] retried',
    ],
    [
      'where nothing helps',
      { instead: 'none' },
      'no run that comes to an end keeps it; step 4 breaks it: worker[0] job {n: 1}',
    ],
    ['where that is not known', {}, 'step 4 breaks it: worker[0] job {n: 1}'],
  ])('%s', (_, explanation, sentence) => {
    expect(faultText(explained(explanation).explanation!, run)).toBe(sentence);
  });

  test('names, of a step with much to say, the message alone', () => {
    const long: Run = {
      ...run,
      steps: [step({ actor: 'sender', message: { type: 'begin', with: 'x'.repeat(99) } as { type: string } })],
    };
    expect(faultText(nothing, long)).toBe('step 1 breaks it: sender begin');
  });

  test('says of what is so in the initial state that nobody has made it so', () => {
    expect(faultText(nothing, { ...run, steps: [] })).toBe('no race: it is so from the start');
  });

  test('has hostile names in it as they are written, not as they work', () => {
    const evil = '\u001b[2J\n</script>\u2028';
    const hostile: Run = {
      initial: [view(evil, 'x')],
      steps: [step({ actor: evil, message: { type: evil } })],
      ends: { at: 'state' },
    };
    const text = faultText({ ...nothing, order: { threads: [[1]], across: [] } }, hostile);
    expect(text).toContain('\\u{1b}[2J\\n</script>\\u{2028}');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(text).not.toMatch(/[\u0000-\u001f\u2028]/);
  });
});
