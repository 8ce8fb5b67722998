import { describe, expect, test } from 'vitest';
import type { InputFrom } from 'xstate';
import { failureMachine } from '../src/machines/failure.ts';
import { fileMachine } from '../src/machines/file.ts';
import { firmwareMachine } from '../src/machines/firmware.ts';
import { genericMachine } from '../src/machines/generic.ts';
import { groupWalkMachine } from '../src/machines/group-walk.ts';
import { handlerMachine } from '../src/machines/handler.ts';
import { collectedBy, killMachine } from '../src/machines/kill.ts';
import { mapperMachine } from '../src/machines/mapper.ts';
import { notifierMachine } from '../src/machines/notifier.ts';
import { endless, type Geometry, offsetIn, rangeMachine } from '../src/machines/range.ts';
import { reclaimMachine } from '../src/machines/reclaim.ts';
import { recordAt } from '../src/machines/rmapbt.ts';
import { scanMachine } from '../src/machines/scan.ts';
import { sharerMachine } from '../src/machines/sharer.ts';
import { unpoisonMachine } from '../src/machines/unpoison.ts';
import { play, stepsOf } from './machine-kit.ts';

describe('killing one mapping', () => {
  const input = { flavour: 'poison', unmaps: 'ifCollected', whenLost: 'fail', checksPage: false } as const;
  const called = { type: 'kill.called', poison: 0, file: 1 } as const;
  const present = { type: 'entry.read', entry: 'present', inRange: true } as const;
  const locked = { type: 'entry.read', entry: 'locked', inRange: true } as const;
  const empty = { type: 'entry.read', entry: 'empty', inRange: true } as const;
  const rest = [{ type: 'range.unmapped' }, { type: 'signal.sent' }, { type: 'entry.unlocked' }] as const;
  const someone = { type: 'tasks.collected', tasks: [{ task: 0, how: 'AO' }] } as const;

  test('keeps its steps apart', () => {
    expect([...new Set(stepsOf([killMachine]).map(({ step }) => step))]).toEqual(['D1', 'D3', 'D4', 'D5', 'D6']);
  });

  test('unmaps before it signals, and does both under the lock of the entry', () => {
    const { types, last } = play(killMachine, input, [called, present, someone, ...rest]);
    expect(types).toEqual([
      ...['entry.taken', 'page.poisoned', 'page.unmapped', 'task.signalled'],
      ...['entry.released', 'kill.returned'],
    ]);
    expect(last.at(-1)).toMatchObject({ code: 'ok' });
  });

  test('tells every task that it has collected, one by one', () => {
    const two = {
      type: 'tasks.collected',
      tasks: [
        { task: 0, how: 'AR' },
        { task: 1, how: 'AO' },
      ],
    } as const;
    const { said } = play(killMachine, input, [called, present, two, rest[0], rest[1], rest[1], rest[2]]);
    expect(said.flat().filter(({ type }) => type === 'task.signalled')).toEqual([
      { type: 'task.signalled', task: 0, how: 'AR' },
      { type: 'task.signalled', task: 1, how: 'AO' },
    ]);
  });

  test('leaves the mappings of a page for which nobody is collected, unless it always unmaps', () => {
    const nobody = { type: 'tasks.collected', tasks: [] } as const;
    expect(play(killMachine, input, [called, present, nobody, rest[2]]).types).not.toContain('page.unmapped');
    const always = play(killMachine, { ...input, unmaps: 'always' }, [called, present, nobody, rest[0], rest[2]]);
    expect(always.types).toContain('page.unmapped');
  });

  test('passes by an entry that is not there, and is busy where one has gone while it waited', () => {
    expect(play(killMachine, input, [called, empty]).last).toMatchObject([{ code: 'ok' }]);
    expect(play(killMachine, input, [called, locked, empty]).last).toMatchObject([{ code: 'EBUSY' }]);
    const skipping = play(killMachine, { ...input, whenLost: 'skip' }, [called, locked, empty]);
    expect(skipping.last).toMatchObject([{ code: 'ok' }]);
  });

  test('that checks the page leaves one alone that lies elsewhere', () => {
    const elsewhere = { ...present, inRange: false } as const;
    expect(play(killMachine, { ...input, checksPage: true }, [called, elsewhere]).types).toEqual(['kill.returned']);
    expect(play(killMachine, input, [called, elsewhere]).types).toContain('entry.taken');
  });

  test('does not mark pages that an unplug takes away', () => {
    expect(play(killMachine, { ...input, flavour: 'unplug' }, [called, present]).types).toEqual(['entry.taken']);
  });

  test('collects for poison the current task and those that want to be told early, for an unplug all', () => {
    const tasks = [
      { maps: true, early: false },
      { maps: true, early: true },
      { maps: false, early: true },
    ];
    expect(collectedBy('poison', tasks)).toEqual([{ task: 1, how: 'AO' }]);
    expect(collectedBy('poison', tasks, 0)).toEqual([
      { task: 0, how: 'AR' },
      { task: 1, how: 'AO' },
    ]);
    expect(collectedBy('unplug', tasks).map(({ task }) => task)).toEqual([0, 1]);
  });
});

describe('a task that maps the page', () => {
  const input = { file: 0, policy: 'early', blocksOptional: false } as const;
  const optional = { type: 'task.signalled', how: 'AO' } as const;
  const forced = { type: 'task.signalled', how: 'AR' } as const;

  test('may block an optional signal, and not a forced one', () => {
    const blocking = { ...input, blocksOptional: true };
    expect(play(mapperMachine, blocking, [optional]).snapshot.context.signal).toBe('pending');
    expect(play(mapperMachine, blocking, [forced]).snapshot.hasTag('told')).toBe(true);
    expect(play(mapperMachine, input, [optional]).snapshot.hasTag('told')).toBe(true);
  });

  test.each([
    ['ok', 'mapped'],
    ['EIO', 'misled'],
    ['EFSCORRUPTED', 'misled'],
  ] as const)('that consumes poison, is not signalled and gets %s is %s', (code, tag) => {
    const { snapshot, said } = play(mapperMachine, input, [
      { type: 'page.touched' },
      { type: 'failure.returned', code },
    ]);
    expect(said[0]).toEqual([{ type: 'poison.consumed' }]);
    expect(snapshot.hasTag(tag)).toBe(true);
  });

  test('that is signalled in the machine check of its own load knows, whatever the answer', () => {
    const { snapshot } = play(mapperMachine, input, [
      { type: 'page.touched' },
      forced,
      { type: 'failure.returned', code: 'EFSCORRUPTED' },
    ]);
    expect(snapshot.hasTag('told')).toBe(true);
  });

  test.each([
    ['hwpoison', 'told'],
    ['error', 'misled'],
    ['mapped', 'mapped'],
  ] as const)('whose fault answers %s is %s', (answer, tag) => {
    const { snapshot } = play(mapperMachine, input, [{ type: 'page.unmapped' }, { type: 'page.faulted', answer }]);
    expect(snapshot.hasTag(tag)).toBe(true);
  });
});

describe('the handler on a range with several owners', () => {
  const input = {
    whenUnready: 'drop',
    checksHolder: true,
    asksFeatures: true,
    lock: 'none',
    kills: 'called',
  } as const;
  const walking = [
    { type: 'failure.notified', poison: 0 },
    { type: 'holder.read', holder: 'mp' },
    { type: 'flag.read', ready: true, freed: false },
    { type: 'features.read', rmap: true, freed: false },
    { type: 'agf.read', perag: true, shutdown: false },
  ] as const;
  const dataThen = (more: number | 'group' | 'nothing', file = 0) =>
    [
      { type: 'record.found', owner: 'data', file, more },
      { type: 'inode.found', inode: 'inCore' },
    ] as const;
  const killed = { type: 'kill.returned', code: 'ok' } as const;
  const ended = [{ type: 'group.unlocked' }, { type: 'walk.ended' }] as const;

  test('goes from record to record without unlocking the group', () => {
    const { said } = play(handlerMachine, input, [
      ...walking,
      ...dataThen(1),
      killed,
      ...dataThen('nothing', 1),
      killed,
      ...ended,
    ]);
    expect(said.flat().filter(({ type }) => type === 'kill.called')).toMatchObject([{ file: 0 }, { file: 1 }]);
    expect(said.at(-1)).toContainEqual(expect.objectContaining({ code: 'ok' }));
  });

  test('goes where the tree leads, and knows where it has been', () => {
    const { snapshot } = play(handlerMachine, input, [...walking, ...dataThen(1), killed, ...dataThen(0, 1), killed]);
    expect(snapshot.context).toMatchObject({ group: 0, record: 0, been: [0, 1] });
    expect(snapshot.hasTag('arrived')).toBe(true);
  });

  test('reads an AGF for each group', () => {
    const first = [...walking, ...dataThen('group'), killed, ended[0]] as const;
    const broken = play(handlerMachine, input, [...first, { type: 'agf.read', perag: true, shutdown: true }]);
    expect(broken.last).toContainEqual(expect.objectContaining({ code: 'EIO' }));
    const whole = play(handlerMachine, input, [
      ...first,
      { type: 'agf.read', perag: true, shutdown: false },
      ...dataThen('nothing', 1),
      killed,
      ...ended,
    ]);
    expect(whole.last).toContainEqual(expect.objectContaining({ code: 'ok' }));
  });

  test('of v6.0 shuts down at the first metadata, and owns the event only if nothing comes after it', () => {
    const metadata = (more: 1 | 'nothing') => ({ type: 'record.found', owner: 'metadata', more }) as const;
    const v60 = { ...input, onMetadata: 'shutInWalk' } as const;
    expect(play(handlerMachine, v60, [...walking, metadata(1)]).types).toEqual([
      ...['filesystem.shut', 'lock.released', 'failure.handled'],
    ]);
    expect(play(handlerMachine, v60, [...walking, metadata('nothing')]).types).toContain('event.owned');
  });

  test('gives up, and shuts down, where a kill is busy', () => {
    const { last } = play(handlerMachine, input, [
      ...walking,
      ...dataThen(1),
      { type: 'kill.returned', code: 'EBUSY' },
    ]);
    expect(last.map(({ type }) => type)).toEqual(['filesystem.shut', 'lock.released', 'failure.handled']);
    expect(last.at(-1)).toMatchObject({ code: 'EBUSY' });
  });

  test('may skip an inode in transit', () => {
    const transit = [
      { type: 'record.found', owner: 'data', file: 0 },
      { type: 'inode.found', inode: 'inTransit' },
    ] as const;
    const skipping = play(handlerMachine, { ...input, inTransit: 'skip' }, [...walking, ...transit, ...ended]);
    expect(skipping.last).toContainEqual(expect.objectContaining({ code: 'ok' }));
    expect(play(handlerMachine, input, [...walking, ...transit, ...ended]).types).toContain('filesystem.shut');
  });

  test('that lists kills when the walk is over', () => {
    const { said } = play(handlerMachine, { ...input, kills: 'listed' }, [
      ...walking,
      ...dataThen('nothing'),
      ...ended,
      killed,
      ended[1],
    ]);
    expect(said.map((each) => each.some(({ type }) => type === 'kill.called')).lastIndexOf(true)).toBe(said.length - 3);
  });

  test.each([
    ['after a shutdown answers 0', { perag: true, shutdown: true }, 'ok'],
    ['of an AGF that cannot be read shuts down', { perag: true, shutdown: false, failed: true }, 'EFSCORRUPTED'],
  ] as const)('that searches inodes in memory %s', (_, agf, code) => {
    const { last, types } = play(handlerMachine, { ...input, onError: 'searchCore' }, [
      ...walking.slice(0, -1),
      { type: 'agf.read', ...agf },
      { type: 'core.searched', files: [1] },
      { type: 'walk.ended' },
      killed,
      { type: 'walk.ended' },
    ]);
    expect(types).toContain('kill.called');
    expect(last.at(-1)).toMatchObject({ code });
  });

  test('that searches without an rmapbt shuts down for what it does not find', () => {
    const { types } = play(handlerMachine, { ...input, onError: 'searchCore' }, [
      ...walking.slice(0, 3),
      { type: 'features.read', rmap: false, freed: false },
      { type: 'core.searched', files: [] },
      { type: 'walk.ended' },
    ]);
    expect(types).toContain('filesystem.shut');
  });

  test('answers -ENXIO for a range that is not its own', () => {
    const { last } = play(handlerMachine, input, [
      ...walking.slice(0, 3),
      { type: 'features.read', rmap: true, freed: false, inRange: false },
    ]);
    expect(last.at(-1)).toMatchObject({ code: 'ENXIO' });
  });
});

describe('memory_failure finds its way', () => {
  const located = (operations: boolean) =>
    [
      { type: 'poison.reported' },
      { type: 'mutex.awaited' },
      { type: 'pgmap.read', live: true, operations },
      { type: 'range.sent' },
    ] as const;

  test('to the generic path where the page map has no operations, unless it does not ask', () => {
    expect(play(failureMachine, { poison: 0 }, located(false)).types).not.toContain('notification.asked');
    const unasked = play(failureMachine, { poison: 0, operationsMissing: 'called' }, located(false));
    expect(unasked.snapshot.hasTag('torn')).toBe(true);
  });

  test('from the owner to the generic path always, never, or when it says so', () => {
    const isOver = (fallsBack: 'ifUnsupported' | 'always' | 'never', code: 'ok' | 'EOPNOTSUPP') =>
      play(failureMachine, { poison: 0, fallsBack }, [
        ...located(true),
        { type: 'notification.answered', poison: 0, code, met: true },
      ]).snapshot.hasTag('returned');
    expect([isOver('ifUnsupported', 'ok'), isOver('ifUnsupported', 'EOPNOTSUPP')]).toEqual([true, false]);
    expect([isOver('always', 'ok'), isOver('never', 'EOPNOTSUPP')]).toEqual([false, true]);
  });

  test('nowhere by an offset that nobody has set', () => {
    const { snapshot } = play(failureMachine, { poison: 0, fallback: 'byOwnersOffset' }, [
      ...located(true),
      { type: 'notification.answered', poison: 0, code: 'EOPNOTSUPP', met: true },
      { type: 'page.read', mapped: true },
    ]);
    expect(snapshot.hasTag('unfounded')).toBe(true);
  });

  test('to success where nobody is registered, if a notifier is told to', () => {
    const { last } = play(notifierMachine, { loadsOnce: true, unowned: 'ok' }, [
      { type: 'notification.asked', poison: 0 },
      { type: 'alive.read', alive: true },
      { type: 'ops.read', set: false },
    ]);
    expect(last).toMatchObject([{ code: 'ok', met: false }]);
  });
});

test('a reverse map says what follows a record, in its group and after it, and may lead back', () => {
  const [a, b] = [
    { owner: 'data', file: 0 },
    { owner: 'data', file: 1 },
  ] as const;
  expect(recordAt([[a, b]], { group: 0, record: 0 })).toEqual({ ...a, more: 1 });
  expect(recordAt([[a], [b]], { group: 0, record: 0 })).toEqual({ ...a, more: 'group' });
  expect(recordAt([[a], [b]], { group: 1, record: 0 })).toEqual({ ...b, more: 'nothing' });
  expect(recordAt([[]], { group: 0, record: 0 })).toMatchObject({ owner: 'none', more: 'nothing' });
  expect(recordAt([[a], [b]], { group: 0, record: 0 }, true)).toEqual({ ...a, more: 0 });
});

test('a truncate frees the extent last, and a write after it fills the entry with another page', () => {
  const { types } = play(reclaimMachine, { file: 0 }, [
    ...(['truncate.requested', 'page.dropped', 'entry.dropped', 'extent.freed', 'page.written'] as const).map(
      (type) => ({
        type,
      }),
    ),
  ]);
  expect(types).toEqual([
    ...['entry.taken', 'page.unmapped', 'entry.removed', 'record.removed', 'entry.filled', 'page.mapped'],
  ]);
  const { snapshot } = play(fileMachine, { starts: 'mapped' }, [
    { type: 'entry.taken', by: 'truncate' },
    { type: 'entry.removed' },
    { type: 'entry.filled' },
  ]);
  expect(snapshot.context).toMatchObject({ inRange: false, visited: false });
});

describe('the generic path, step by step', () => {
  const located = [
    { type: 'poison.reported' },
    { type: 'mutex.awaited' },
    { type: 'mapping.read', set: true },
  ] as const;

  test('falls over an inode that has been freed unless RCU keeps it', () => {
    const { snapshot } = play(genericMachine, { underRcu: false, rechecks: true }, [
      ...located,
      { type: 'entry.read', freed: true, present: false },
    ]);
    expect(snapshot.hasTag('freed')).toBe(true);
    const kept = play(genericMachine, { underRcu: true, rechecks: true }, located);
    expect(kept.snapshot.hasTag('inRcu')).toBe(true);
  });

  test('lets go of a page that it does not find again', () => {
    const again = [
      ...located,
      { type: 'entry.read', freed: false, present: true },
      { type: 'mapping.reread', set: false },
    ] as const;
    const checked = play(genericMachine, { underRcu: true, rechecks: true }, again);
    expect(checked.last.map(({ type }) => type)).toEqual(['entry.released', 'lock.released']);
    const unchecked = play(genericMachine, { underRcu: true, rechecks: false }, again);
    expect(unchecked.snapshot.hasTag('returned')).toBe(false);
  });

  test('is left alone by an unpoison that refuses what the hardware has reported', () => {
    const asked = [{ type: 'unpoison.requested' }, { type: 'mutex.awaited' }] as const;
    const real = { type: 'mark.read', marked: true, real: true } as const;
    expect(play(unpoisonMachine, { locks: true, refusesReal: true }, [...asked, real]).last).toMatchObject([
      { type: 'lock.released' },
    ]);
    expect(play(unpoisonMachine, { locks: true, refusesReal: false }, [...asked, real]).last).toEqual([]);
  });
});

describe('a scan', () => {
  const begun = [{ type: 'scan.requested' }, { type: 'entry.loaded', locked: true }] as const;

  test.each([
    ['waitAndReload', true, 0],
    ['pauseFirst', true, 1],
    ['takeNext', false, 1],
  ] as const)('that meets a locked entry and is to %s', (whenLocked, waits, index) => {
    const { snapshot } = play(scanMachine, { entries: 2, whenLocked }, begun);
    expect(snapshot.hasTag('waiting')).toBe(waits);
    expect(snapshot.context.index).toBe(index);
  });
});

describe('a range', () => {
  const geometry: Geometry = {
    physical: [
      { start: 8, end: 16 },
      { start: 20, end: 32 },
    ],
    partition: 4,
    lines: 12,
    linesPerBlock: 2,
    blocksPerPage: 2,
    fileOffset: 3,
  };
  const right = {
    physical: 'walked',
    unit: 'lines',
    partition: 'subtracted',
    clamp: 'toEnd',
    lastBlock: 'ofLastByte',
    offsets: 'converted',
    geometry,
  } as const;
  const blocksOf = (input: InputFrom<typeof rangeMachine>, start: number, end: number) => {
    const { snapshot } = play(rangeMachine, input, [
      { type: 'range.reported', start, end },
      ...(['device.translated', 'unit.rounded', 'partition.subtracted', 'end.clamped', 'blocks.computed'] as const).map(
        (type) => ({ type }),
      ),
    ]);
    return [snapshot.context.start, snapshot.context.end];
  };

  test('is found by walking the physical ranges', () => {
    expect([8, 15, 16, 20, 31].map((line) => offsetIn(geometry, line))).toEqual([0, 7, -1, 8, 19]);
    expect(blocksOf(right, 20, 21)).toEqual([2, 3]);
    expect(blocksOf({ ...right, physical: 'firstOnly' }, 20, 21)).toEqual([4, 5]);
  });

  test('ends where its last byte is', () => {
    expect(blocksOf(right, 12, 14)).toEqual([0, 1]);
    expect(blocksOf({ ...right, lastBlock: 'ofByteAfter' }, 12, 14)).toEqual([0, 2]);
  });

  test('is cut at the end of the file system', () => {
    expect(blocksOf(right, 0, endless)).toEqual([0, 6]);
    expect(blocksOf({ ...right, clamp: 'toDeviceEnd' }, 0, endless)).toEqual([0, 8]);
    expect(blocksOf({ ...right, clamp: 'byExcess' }, 25, 30)).toEqual([4, 6]);
  });
});

test('firmware that records does so before it queues', () => {
  const raised = [{ type: 'error.raised' }] as const;
  expect(play(firmwareMachine, { events: 1, records: true }, raised).types).toEqual(['event.recorded', 'event.raised']);
  expect(play(firmwareMachine, { events: 1, records: false }, raised).types).toEqual(['event.raised']);
});

test('a file counts itself in one step or in two', () => {
  const loaded = [{ type: 'page.faulted' }, { type: 'share.loaded', share: 1 }] as const;
  expect(play(sharerMachine, { isAtomic: true }, loaded).last).toEqual([{ type: 'share.changed', share: 2 }]);
  expect(play(sharerMachine, { isAtomic: false }, loaded).last).toEqual([]);
});

test('a walk that stops on an error gives back what it has taken, or not', () => {
  const failed = [{ type: 'walk.begun' }, { type: 'error.met' }] as const;
  expect(play(groupWalkMachine, { onError: 'dropsActive' }, failed).types).toEqual(['active.taken', 'active.dropped']);
  expect(play(groupWalkMachine, { onError: 'dropsPassive' }, failed).types).toEqual([
    'active.taken',
    'passive.dropped',
  ]);
});
