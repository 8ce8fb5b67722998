import { describe, expect, test } from 'vitest';
import type { AnyStateMachine, EventFromLogic, InputFrom } from 'xstate';
import { badblocksMachine } from '../src/machines/badblocks.ts';
import { blockWriteMachine } from '../src/machines/block-write.ts';
import { firmwareMachine } from '../src/machines/firmware.ts';
import { mediaMachine } from '../src/machines/media.ts';
import { preadMachine } from '../src/machines/pread.ts';
import { type RecoveryWriteInput, recoveryWriteMachine } from '../src/machines/recovery-write.ts';
import { reportMachine } from '../src/machines/report.ts';
import { scrubMachine } from '../src/machines/scrub.ts';
import { victimMachine } from '../src/machines/victim.ts';
import { merged, names, play, stepsOf, transitionsOf, unnamed } from './machine-kit.ts';

const there = { absent: false } as const;
const copied = [
  { type: 'front.copied', ...there },
  { type: 'back.copied', ...there },
] as const;

describe('a write that recovers', () => {
  const input: RecoveryWriteInput = {
    recovers: 'byPlainWrite',
    order: ['clear', 'copy', 'drop'],
    locks: true,
    granularity: 'alignedPages',
    onClearFailure: 'refuses',
    onCopyFailure: 'keepsRecord',
  };
  const page = { from: 1, aligned: true, flag: false };
  const asking = (request = page) => [{ type: 'write.called', request } as const, ...names('inode.locked')];
  const bad = { type: 'page.asked', bad: true } as const;
  const good = { type: 'page.asked', bad: false } as const;
  const cleared = { type: 'clear.tried', done: true } as const;

  test('clears, copies, and drops the record last, under the lock of the inode', () => {
    const { types } = play(recoveryWriteMachine, input, [
      ...asking(),
      bad,
      cleared,
      ...copied,
      ...names('record.dropped'),
    ]);
    expect(types).toEqual([
      ...['lock.taken', 'poison.cleared', 'page.restored', 'half.written', 'half.written'],
      ...['range.cleared', 'lock.released', 'write.returned'],
    ]);
  });

  test('takes the mappings away before it clears, where it is asked to', () => {
    const { types } = play(recoveryWriteMachine, { ...input, order: ['revoke', 'clear', 'copy', 'drop'] }, [
      ...asking(),
      bad,
      ...names('mappings.revoked'),
      cleared,
    ]);
    expect(types).toEqual(['lock.taken', 'page.unmapped', 'poison.cleared', 'page.restored']);
  });

  test('is a plain copy where the record does not name the page', () => {
    const { types } = play(recoveryWriteMachine, input, [...asking(), good, ...copied]);
    expect(types).toEqual(['lock.taken', 'half.written', 'half.written', 'lock.released', 'write.returned']);
  });

  test('ends at the first page that cannot be recovered; what came before is written', () => {
    const { last, snapshot } = play(recoveryWriteMachine, input, [
      ...asking({ from: 0, aligned: false, flag: false }),
      good,
      ...copied,
      bad,
    ]);
    expect(last.at(-1)).toEqual({ type: 'write.returned', answer: 'refused' });
    expect(snapshot.context.page).toBe(1);
  });

  test.each([
    ['withFlag', false, 'refused'],
    ['never', true, 'refused'],
  ] as const)('that recovers %s refuses a request whose flag is %s', (recovers, flag, answer) => {
    const { last } = play(recoveryWriteMachine, { ...input, recovers }, [...asking({ ...page, flag }), bad]);
    expect(last.at(-1)).toEqual({ type: 'write.returned', answer });
  });

  test('that cannot clear writes nothing, and one that cannot copy keeps the record', () => {
    const uncleared = play(recoveryWriteMachine, input, [...asking(), bad, { type: 'clear.tried', done: false }]);
    expect(uncleared.types).toEqual(['lock.taken', 'lock.released', 'write.returned']);
    const cut = play(recoveryWriteMachine, input, [...asking(), bad, cleared, copied[0], ...names('copy.failed')]);
    expect(cut.types).not.toContain('range.cleared');
    expect(cut.last.at(-1)).toEqual({ type: 'write.returned', answer: 'short' });
  });

  test('dies of a page that is not in the mapping of the kernel, and gives the lock back', () => {
    const { last, snapshot } = play(recoveryWriteMachine, input, [
      ...asking(),
      bad,
      cleared,
      { type: 'front.copied', absent: true },
      ...names('thread.ended'),
    ]);
    expect(last.map(({ type }) => type)).toEqual(['lock.released', 'caller.died']);
    expect(snapshot.hasTag('rest')).toBe(true);
  });
});

test('a write through the block layer does what it is told, in the order in which it is told', () => {
  const asked = [...names('write.submitted'), { type: 'page.asked', bad: true } as const];
  const cleared = [{ type: 'clear.tried', done: true } as const, ...names('page.returned')];
  const v71 = play(blockWriteMachine, { page: 1, order: ['clear', 'restore', 'drop', 'copy'] }, [
    ...asked,
    ...cleared,
    ...names('record.dropped'),
    ...copied,
  ]);
  expect(v71.types).toEqual(['poison.cleared', 'page.restored', 'range.cleared', 'half.written', 'half.written']);
  const refused = play(blockWriteMachine, { page: 1, order: ['clear', 'restore', 'drop', 'copy'] }, [
    ...asked,
    { type: 'clear.tried', done: false },
  ]);
  expect(refused.types).toEqual([]);
  expect(refused.snapshot.hasTag('rest')).toBe(true);
});

describe('a page of persistent memory', () => {
  const failed = { poisoned: true, afterClear: 'undefinesContent' } as const;
  const front = { type: 'half.written', page: 1, half: 'front' } as const;
  const back = { type: 'half.written', page: 1, half: 'back' } as const;
  const isWhole = (messages: readonly EventFromLogic<typeof mediaMachine>[], input = failed) =>
    play(mediaMachine, input, messages).snapshot.hasTag('whole');

  test('is whole when it has been cleared, and both halves written since', () => {
    expect(isWhole([...names('poison.cleared'), front, back])).toBe(true);
    expect(isWhole([...names('poison.cleared'), back])).toBe(false);
    expect(isWhole([front, back])).toBe(false);
    expect(isWhole([...names('poison.cleared'), front, ...names('poison.cleared'), back])).toBe(false);
  });

  test('stays poisoned where the firmware cannot clear it', () => {
    const { snapshot } = play(mediaMachine, failed, names('firmware.failed poison.cleared'));
    expect(snapshot.hasTag('poisoned')).toBe(true);
  });
});

test('a read asks the record first, and copies what is there by then', () => {
  const let_in = [...names('read.called'), { type: 'page.asked', bad: false } as const];
  const tagsOf = (messages: readonly EventFromLogic<typeof preadMachine>[]) =>
    [...play(preadMachine, undefined, messages).snapshot.tags].filter((tag) => tag !== 'rest');
  expect(tagsOf([...names('read.called'), { type: 'page.asked', bad: true }])).toEqual(['refused']);
  expect(tagsOf([...let_in, { type: 'page.copied', found: 'data', ...there }])).toEqual(['served']);
  expect(tagsOf([...let_in, { type: 'page.copied', found: 'poison', ...there }])).toEqual(['refused']);
  expect(tagsOf([...let_in, { type: 'page.copied', found: 'undefined', ...there }])).toEqual(['deceived']);
});

describe('a victim', () => {
  const input = { page: 1, storesClear: false };
  const told = [...names('poison.met failure.returned'), { type: 'check.ended', bad: true } as const];
  const writing = (aligned: boolean) =>
    ({ type: 'restoring.begun', request: { from: 0, aligned, flag: false } }) as const;

  test('loses its mapping first, and then the kernel loses its own', () => {
    expect(play(victimMachine, input, told).types).toEqual(['page.unmapped', 'page.hidden']);
  });

  test('is lost when a whole page is refused, and tries again when it was less', () => {
    const refused = { type: 'write.returned', answer: 'refused' } as const;
    expect(play(victimMachine, input, [...told, writing(true), refused]).snapshot.hasTag('lost')).toBe(true);
    const again = play(victimMachine, input, [...told, writing(false), refused, writing(true), refused]);
    expect(again.snapshot.hasTag('lost')).toBe(true);
  });

  test('has its page back when it maps it again and finds data', () => {
    const { snapshot } = play(victimMachine, input, [
      ...told,
      writing(true),
      { type: 'write.returned', answer: 'ok' },
      { type: 'page.refaulted', bad: false },
      { type: 'page.checked', found: 'data' },
    ]);
    expect(snapshot.hasTag('restored')).toBe(true);
  });
});

describe('the record', () => {
  const pendingOf = (
    input: InputFrom<typeof badblocksMachine>,
    messages: readonly EventFromLogic<typeof badblocksMachine>[],
  ) => play(badblocksMachine, input, messages).snapshot.context.pending;

  test('keeps who is there when it is full', () => {
    expect(
      pendingOf({ room: 2 }, [
        { type: 'event.recorded', poison: 2 },
        { type: 'ranges.found', ranges: [0, 1] },
      ]),
    ).toEqual([0, 2]);
  });

  test('does not let go of the last block of a region where ends are mixed up (KB-26)', () => {
    const cleared = [0, 1].map((page) => ({ type: 'range.cleared', page }) as const);
    expect(pendingOf({ recorded: [0, 1], region: { blocks: 2, end: 'mixed' } }, cleared)).toEqual([1]);
    expect(pendingOf({ recorded: [0, 1], region: { blocks: 2, end: 'exclusive' } }, cleared)).toEqual([]);
  });
});

test('a report finds a file system, or none, and then may leave a record', () => {
  const asked = (ready: boolean) => [
    { type: 'event.raised', poison: 2 } as const,
    { type: 'owner.asked', ready } as const,
  ];
  const input = { consumes: false, whenUnready: 'record' } as const;
  expect(play(reportMachine, input, asked(true)).types).toEqual(['range.told', 'failure.returned']);
  expect(play(reportMachine, input, asked(false)).types).toEqual(['event.recorded', 'failure.returned']);
  expect(play(reportMachine, { ...input, whenUnready: 'drop' }, asked(false)).types).toEqual(['failure.returned']);
  expect(play(reportMachine, { ...input, consumes: true }, asked(true)).types).toEqual(['range.told', 'caller.died']);
});

test('firmware that does not push keeps what it knows', () => {
  const input = { events: 2, records: true };
  expect(play(firmwareMachine, input, names('error.raised')).types).toEqual(['event.recorded', 'event.raised']);
  expect(play(firmwareMachine, { ...input, pushes: false }, names('error.raised')).types).toEqual([]);
});

test('a scan enters what it has seen, and looks again when there is room, if it is one of those', () => {
  const scanned = [{ type: 'media.scanned', raised: 2, ranges: [0, 1] } as const, ...names('record.filled')];
  const { last, snapshot } = play(scrubMachine, { scans: true, rescans: false }, scanned);
  expect(last).toEqual([{ type: 'ranges.found', ranges: [0, 1] }]);
  expect(snapshot.context.seen).toBe(2);
  const gone = { type: 'range.reconciled', poison: 0 } as const;
  expect(play(scrubMachine, { scans: true, rescans: false }, [...scanned, gone]).snapshot.context.seen).toBe(2);
  expect(play(scrubMachine, { scans: true, rescans: true }, [...scanned, gone]).snapshot.context.seen).toBe(0);
});

describe('the steps of pmem I/O that real interleavings fall between', () => {
  const separate = [
    ...['V1', 'V2', 'V3'],
    ...['W1', 'W2', 'W3', 'W5', 'W6'],
    // of a machine check beside them
    ...['P0', 'P8', 'P9'],
  ];
  const machines: readonly AnyStateMachine[] = [recoveryWriteMachine, blockWriteMachine, victimMachine];
  const steps = stepsOf(machines);

  test('each have a transition that says so', () => {
    expect(unnamed(separate, steps)).toEqual([]);
  });

  test('are told apart: no transition stands for two of them', () => {
    expect(merged(separate, steps)).toEqual([]);
  });

  test('a scan and what it enters into the record are two transitions', () => {
    const scrub = transitionsOf(scrubMachine.root).map(({ source, eventType }) => `${source.key} ${eventType}`);
    expect(scrub).toEqual(expect.arrayContaining(['idle media.scanned', 'filling record.filled']));
  });
});
