import { describe, expect, test } from 'vitest';
import { type AnyStateMachine, initialTransition, transition } from 'xstate';
import { dispatchMachine } from '../src/machines/dispatch.ts';
import { driverMachine } from '../src/machines/driver.ts';
import { freezerMachine } from '../src/machines/freezer.ts';
import { preRemoveMachine } from '../src/machines/pre-remove.ts';
import { entryMachine } from '../src/machines/primitives/entry-lock.ts';
import { freezeMachine } from '../src/machines/primitives/freeze.ts';
import { srcuMachine } from '../src/machines/primitives/srcu.ts';
import { revokeMachine } from '../src/machines/revoke.ts';
import { shutdownMachine } from '../src/machines/shutdown.ts';
import { taskMachine } from '../src/machines/task.ts';
import { unbindMachine } from '../src/machines/unbind.ts';
import { merged, names, play, stepsOf, takes, unnamed } from './machine-kit.ts';

describe('an unbind', () => {
  const P6 = { notifies: 'beforeKill', marksDead: 'inDelGendisk', revokes: 'no' } as const;
  const asked = [...names('unbind.requested host.removed'), { type: 'holder.read', set: true }] as const;
  const killed = names('alive.cleared grace.awaited grace.passed');
  const released = [
    ...names('holder.cleared device.put disk.deleted'),
    { type: 'superblock.marked', active: true },
    ...names('ref.killed ref.drained memory.removed'),
  ] as const;
  const answered = { type: 'notification.answered', poison: -1, code: 'EOPNOTSUPP', met: true } as const;

  test('tells the holder, kills the device, waits, withdraws, and tells the block layer only then', () => {
    const { types, snapshot } = play(unbindMachine, P6, [...asked, answered, ...killed, ...released]);
    expect(types).toEqual([
      'host.removed',
      'notification.asked',
      'alive.cleared',
      'grace.awaited',
      'ops.stored',
      'data.stored',
      'filesystem.shut',
      'ref.killed',
      'ref.drained',
      'memory.removed',
    ]);
    expect(snapshot.hasTag('removed')).toBe(true);
  });

  test('goes on whatever the holder answers, and if the callback dies', () => {
    for (const answer of [answered, { type: 'thread.died' }] as const) {
      expect(play(unbindMachine, P6, [...asked, answer, ...killed]).types).toContain('alive.cleared');
    }
  });

  test('tells nobody where nobody has registered', () => {
    const { types } = play(unbindMachine, P6, [
      ...names('unbind.requested host.removed'),
      { type: 'holder.read', set: false },
    ]);
    expect(types).toEqual(['host.removed']);
  });

  test('that is repaired shuts the file system down before the kill and sweeps after the grace', () => {
    const repaired = { notifies: 'beforeKill', marksDead: 'beforeKill', revokes: 'afterGrace' } as const;
    const { types } = play(unbindMachine, repaired, [
      ...asked,
      answered,
      { type: 'superblock.marked', active: true },
      ...killed,
      { type: 'revoke.returned' },
      ...names('holder.cleared'),
    ]);
    expect(types.slice(2)).toEqual([
      'filesystem.shut',
      'alive.cleared',
      'grace.awaited',
      'revoke.called',
      'ops.stored',
      'data.stored',
    ]);
  });
});

describe('the handler of an unplug', () => {
  const P6 = {
    isFlagged: true,
    gate: 'freeze',
    walk: 'rmap',
    onError: 'end',
    records: ['metadata', 'data'],
    shutsAt: 'end',
    withoutRmap: 'refuse',
    ignoresLog: true,
    knowsRealtime: true,
    whenUnfrozen: 'goOn',
    thawsUser: true,
  } as const;
  const called = [
    { type: 'failure.notified', poison: -1 },
    { type: 'flag.read', ready: true },
  ] as const;
  const located = [...called, { type: 'device.found', device: 'data' }, { type: 'features.read', rmap: true }] as const;
  const readable = { type: 'agf.read', shutdown: false, readable: true } as const;
  const ended = names('shutdown.forced kernel.thawed user.thawed');
  const codeOf = (said: readonly (readonly object[])[]) => said.at(-1)?.at(-1);

  test('freezes, walks past metadata, revokes, shuts down, thaws twice', () => {
    const { types, said } = play(preRemoveMachine, P6, [
      ...located,
      ...names('freeze.called'),
      { type: 'freeze.answered', code: 'ok' },
      ...names('gate.shut'),
      readable,
      ...names('record.found record.found revoke.returned record.found'),
      ...ended,
    ]);
    expect(types).toEqual([
      'freeze.asked',
      'revoke.called',
      'filesystem.shut',
      'thaw.asked',
      'thaw.asked',
      'failure.handled',
    ]);
    expect(codeOf(said)).toMatchObject({ code: 'ok' });
  });

  test.each([
    ['EBUSY', 'somebody else has frozen'],
    ['EIO', 'the file system is shut down'],
  ] as const)('goes on when its freeze answers %s, and thaws only the user: %s', (code, _) => {
    const { said } = play(preRemoveMachine, P6, [
      ...located,
      ...names('freeze.called'),
      { type: 'freeze.answered', code },
      ...names('gate.shut'),
      { ...readable, shutdown: true },
      ...ended,
    ]);
    expect(said.flat().filter(({ type }) => type === 'thaw.asked')).toMatchObject([{ holder: 'user' }]);
    expect(said.flat().map(({ type }) => type)).not.toContain('revoke.called');
    expect(codeOf(said)).toMatchObject({ code: 'EIO' });
  });

  test.each([
    ['is not born', [called[0], { type: 'flag.read', ready: false }], 'EIO'],
    ['has lost its external log', [...called, { type: 'device.found', device: 'log' }], 'ok'],
    [
      'has no rmapbt',
      [...called, { type: 'device.found', device: 'data' }, { type: 'features.read', rmap: false }],
      'EOPNOTSUPP',
    ],
  ] as const)('does nothing for a file system that %s', (_, messages, code) => {
    const { said, types } = play(preRemoveMachine, P6, messages);
    expect(types).toEqual(['failure.handled']);
    expect(codeOf(said)).toMatchObject({ code });
  });

  test.each([
    [true, 'ok'],
    [false, 'EFSCORRUPTED'],
  ])(
    'that does not ignore an external log shuts down for it, as for corruption only without the flag',
    (isFlagged, code) => {
      const { types, said } = play(preRemoveMachine, { ...P6, isFlagged, gate: 'none', ignoresLog: false }, [
        ...called,
        { type: 'device.found', device: 'log' },
        ...names('shutdown.forced'),
      ]);
      expect(types).toEqual(['filesystem.shut', 'failure.handled']);
      expect(codeOf(said)).toMatchObject({ code });
    },
  );

  test.each([
    ['first', 'filesystem.synced flag.read'],
    ['underLock', 'superblock.locked filesystem.synced flag.read'],
    ['whenBorn', 'flag.read filesystem.synced'],
  ] as const)('that syncs %s does so once, and goes on', (syncs, order) => {
    const messages = order.split(' ').map((type) => ({ type: type as 'flag.read', ready: true }));
    const { snapshot, types } = play(preRemoveMachine, { ...P6, syncs }, [called[0], ...messages]);
    expect(takes(preRemoveMachine, snapshot, { type: 'device.found' })).toBe(true);
    expect(types).toEqual([]);
  });

  test('that waits for s_umount does not sync what is not born', () => {
    const unborn = { type: 'superblock.locked', ready: false } as const;
    const { snapshot } = play(preRemoveMachine, { ...P6, syncs: 'underLock' }, [called[0], unborn]);
    expect(snapshot.hasTag('syncing')).toBe(false);
  });

  test('up to v6.13 does nothing for a realtime device', () => {
    const { said } = play(preRemoveMachine, { ...P6, knowsRealtime: false }, [
      ...called,
      { type: 'device.found', device: 'realtime' },
    ]);
    expect(codeOf(said)).toMatchObject({ code: 'EOPNOTSUPP' });
  });

  test.each([
    ['record', ['filesystem.shut', 'filesystem.shut', 'failure.handled']],
    ['end', ['revoke.called', 'filesystem.shut', 'failure.handled']],
  ] as const)('without the flag takes metadata for a loss, at the %s', (shutsAt, types) => {
    const unflagged = { ...P6, isFlagged: false, gate: 'none', shutsAt } as const;
    const walk = shutsAt === 'record' ? 'record.found' : 'record.found record.found revoke.returned record.found';
    const played = play(preRemoveMachine, unflagged, [...located, readable, ...names(`${walk} shutdown.forced`)]);
    expect(played.types).toEqual(types);
    expect(codeOf(played.said)).toMatchObject({ code: 'EFSCORRUPTED' });
  });
});

describe('a task', () => {
  const input = { name: 'task', killsEarly: false, section: 'lookup' } as const;
  const permitted = [
    { type: 'page.touched', access: 'read' },
    { type: 'iomap.begun', shutdown: false },
    ...names('entry.reached section.entered'),
  ] as const;
  const associated = { type: 'page.associated', live: true } as const;

  test('leaves dax_srcu before it inserts the page table entry', () => {
    const { types, snapshot } = play(taskMachine, input, [
      ...permitted,
      { type: 'alive.read', alive: true },
      associated,
      ...names('pte.inserted entry.left'),
    ]);
    expect(types).toEqual(['entry.locked', 'reader.entered', 'reader.left', 'entry.filled', 'entry.unlocked']);
    expect(snapshot.hasTag('mapped')).toBe(true);
  });

  test('that is repaired leaves it after', () => {
    const { types } = play(taskMachine, { ...input, section: 'insertion' }, [
      ...permitted,
      { type: 'alive.read', alive: true },
      associated,
      ...names('pte.inserted'),
    ]);
    expect(types).toEqual(['entry.locked', 'reader.entered', 'entry.filled', 'reader.left']);
  });

  test('passes the freeze gate for a write, and leaves it however the fault ends', () => {
    const writing = [{ type: 'page.touched', access: 'write' }, { type: 'write.started' }] as const;
    expect(play(taskMachine, input, [...writing, { type: 'iomap.begun', shutdown: true }]).types).toEqual([
      'writer.entered',
      'writer.left',
    ]);
    const refused = play(taskMachine, input, [
      ...writing,
      { type: 'iomap.begun', shutdown: false },
      ...names('entry.reached section.entered'),
      { type: 'alive.read', alive: false },
      ...names('entry.left'),
    ]);
    expect(refused.types.at(-1)).toBe('writer.left');
    expect(refused.snapshot.hasTag('mapped')).toBe(false);
  });

  test('loses its page table entry to an unmap, but not the fault that it is in', () => {
    const inserted = [
      ...permitted,
      { type: 'alive.read', alive: true },
      associated,
      ...names('pte.inserted page.unmapped'),
    ] as const;
    expect(play(taskMachine, input, inserted).snapshot.hasTag('mapped')).toBe(false);
    const early = play(taskMachine, input, [...permitted, ...names('page.unmapped')]).snapshot;
    expect(early.hasTag('checked')).toBe(true);
  });
});

describe('a revoke', () => {
  const reached = [{ type: 'revoke.called' }, { type: 'entry.reached', filled: true }] as const;
  const late = { type: 'tasks.collected', mapped: true, early: false } as const;

  test('for a removal tells every mapper, then takes the entry', () => {
    const { types } = play(revokeMachine, { manner: 'removal', invalidates: true }, [
      ...reached,
      late,
      ...names('range.unmapped tasks.told entry.left pages.invalidated'),
    ]);
    expect(types).toEqual([
      'entry.locked',
      'page.unmapped',
      'task.signalled',
      'entry.unlocked',
      'entry.cleared',
      'page.unmapped',
      'revoke.returned',
    ]);
  });

  test('for corruption marks the page, and leaves a late-kill task its mapping', () => {
    const { types } = play(revokeMachine, { manner: 'corruption', invalidates: false }, [
      ...reached,
      ...names('page.marked'),
      late,
      ...names('entry.left'),
    ]);
    expect(types).toEqual(['entry.locked', 'page.poisoned', 'entry.unlocked', 'revoke.returned']);
  });

  test('by a walk of the inodes asks for no entry lock and tells nobody', () => {
    const { types } = play(revokeMachine, { manner: 'inodeWalk', invalidates: false }, [
      { type: 'revoke.called' },
      ...names('range.unmapped'),
    ]);
    expect(types).toEqual(['page.unmapped', 'revoke.returned']);
  });
});

describe('the primitives of an unplug', () => {
  test('synchronize_srcu waits for those who were there, and for nobody who comes later', () => {
    const { snapshot } = play(srcuMachine, undefined, [
      { type: 'reader.entered', reader: 'first' },
      { type: 'grace.awaited' },
      { type: 'reader.entered', reader: 'second' },
      { type: 'reader.left', reader: 'first' },
    ]);
    expect(snapshot.context).toEqual({ readers: ['second'], awaited: [] });
    const again = { type: 'reader.left', reader: 'first' } as const;
    expect(takes(srcuMachine, snapshot, again)).toBe(false);
  });

  test('a locked entry refuses whoever comes next, and is cleared by nobody else', () => {
    const { snapshot } = play(entryMachine, undefined, names('entry.locked entry.filled'));
    expect(takes(entryMachine, snapshot, { type: 'entry.locked' })).toBe(false);
    expect(takes(entryMachine, snapshot, { type: 'entry.cleared' })).toBe(false);
  });

  const byHandler = { type: 'freeze.asked', by: 'handler', holder: 'kernel' } as const;
  const byUser = { type: 'freeze.asked', by: 'user', holder: 'user' } as const;
  const drained = { type: 'writers.drained', shutdown: false } as const;
  const userThaws = { type: 'thaw.asked', by: 'user', holder: 'user' } as const;

  test('a freeze closes the gate before the writers inside have left', () => {
    const { snapshot } = play(freezeMachine, { hasHolders: true }, [{ type: 'writer.entered' }, byHandler]);
    expect(takes(freezeMachine, snapshot, { type: 'writer.entered' })).toBe(false);
    expect(takes(freezeMachine, snapshot, { type: 'writer.left' })).toBe(true);
    const [after] = transition(freezeMachine, snapshot, { type: 'writer.left' });
    expect(takes(freezeMachine, after, { type: 'writer.left' })).toBe(false);
  });

  test('a freeze of two holders ends with the second thaw; a freeze without holders with the first', () => {
    const both = [byHandler, drained, byUser, userThaws] as const;
    expect(play(freezeMachine, { hasHolders: true }, both).snapshot.hasTag('frozen')).toBe(true);
    expect(play(freezeMachine, { hasHolders: false }, both).snapshot.hasTag('frozen')).toBe(false);
  });

  test('a file system that is shut down cannot be frozen', () => {
    const { said, snapshot } = play(freezeMachine, { hasHolders: true }, [byHandler, { ...drained, shutdown: true }]);
    expect(said.at(-1)).toMatchObject([{ code: 'EIO' }]);
    expect(snapshot.hasTag('frozen')).toBe(false);
  });

  test('a user may thaw what it has not frozen, the kernel may not', () => {
    const thaw = { type: 'thaw.requested' } as const;
    expect(play(freezerMachine, { by: 'user', holder: 'user' }, [thaw]).types).toEqual(['thaw.asked']);
    const [kernel] = initialTransition(freezerMachine, { by: 'other', holder: 'kernel' });
    expect(kernel.can(thaw)).toBe(false);
  });

  test('a second shutdown waits for the first', () => {
    const late = [{ type: 'shutdown.called' }, { type: 'flag.exchanged', set: true }] as const;
    expect(play(shutdownMachine, { whenLate: 'waits' }, late).snapshot.hasTag('returned')).toBe(false);
    expect(play(shutdownMachine, { whenLate: 'returns' }, late).snapshot.hasTag('returned')).toBe(true);
  });
});

describe('a driver and who looks for its pages', () => {
  test('a driver that publishes early frees what others have seen', () => {
    const early = { publishes: 'early', pagemap: 'own', withdraws: true } as const;
    const { types } = play(driverMachine, early, names('driver.bound pagemap.published probe.failed pagemap.freed'));
    expect(types).toEqual(['pagemap.published', 'pagemap.freed']);
  });

  test('a frame of metadata is put back untouched', () => {
    const input = { validates: 'first', translates: 'byRanges' } as const;
    const { snapshot } = play(dispatchMachine, input, [
      { type: 'poison.reported', frame: 'metadata' },
      { type: 'pgmap.read', published: true, freed: false, live: true },
      ...names('frame.checked pgmap.put'),
    ]);
    expect(snapshot.hasTag('returned')).toBe(true);
  });
});

describe('the steps of an unplug that real interleavings fall between', () => {
  const separate = [
    ...['K2', 'K3', 'K4', 'K5', 'K7', 'K9'],
    ...['R5', 'R7', 'R8', 'R9'],
    ...['A2', 'A3', 'A4', 'A5', 'A6'],
    ...['D1', 'D3', 'D4', 'D5'],
  ];
  const machines: readonly AnyStateMachine[] = [unbindMachine, preRemoveMachine, revokeMachine, taskMachine];
  const steps = stepsOf(machines);

  test('each have a transition that says so', () => {
    expect(unnamed(separate, steps)).toEqual([]);
  });

  test('are told apart: no transition stands for two of them', () => {
    expect(merged(separate, steps)).toEqual([]);
  });

  test('kill, wait and removal of the pagemap are three transitions', () => {
    expect(steps.filter(({ step }) => step === 'K9').map(({ on }) => on)).toEqual(
      expect.arrayContaining(['unmapping ref.killed', 'draining ref.drained', 'drained memory.removed']),
    );
  });
});
