import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AnyStateMachine, initialTransition, transition } from 'xstate';
import { applicationMachine } from '../src/machines/application.ts';
import { badblocksMachine } from '../src/machines/badblocks.ts';
import { busMachine } from '../src/machines/bus.ts';
import { daemonMachine } from '../src/machines/daemon.ts';
import { daxMachine } from '../src/machines/dax.ts';
import { failureMachine } from '../src/machines/failure.ts';
import { fateMachine } from '../src/machines/fate.ts';
import { faultMachine } from '../src/machines/fault.ts';
import { gendiskMachine } from '../src/machines/gendisk.ts';
import { handlerMachine } from '../src/machines/handler.ts';
import { holderMachine } from '../src/machines/holder.ts';
import { logMachine } from '../src/machines/log.ts';
import { lookupMachine } from '../src/machines/lookup.ts';
import { mountMachine } from '../src/machines/mount.ts';
import { notifierMachine } from '../src/machines/notifier.ts';
import { peragsMachine } from '../src/machines/perags.ts';
import { lockMachine } from '../src/machines/primitives/lock.ts';
import { rwsemMachine } from '../src/machines/primitives/rwsem.ts';
import { probeMachine } from '../src/machines/probe.ts';
import { superblockMachine } from '../src/machines/superblock.ts';
import { umountMachine } from '../src/machines/umount.ts';
import { tries } from './explore/kit.ts';
import { merged, names, play, stepsOf, takes, unnamed } from './machine-kit.ts';

const machines: readonly AnyStateMachine[] = [
  busMachine,
  gendiskMachine,
  lookupMachine,
  probeMachine,
  applicationMachine,
  badblocksMachine,
  daemonMachine,
  daxMachine,
  failureMachine,
  fateMachine,
  handlerMachine,
  holderMachine,
  lockMachine,
  logMachine,
  mountMachine,
  notifierMachine,
  peragsMachine,
  rwsemMachine,
  superblockMachine,
  umountMachine,
];

const typesOf = (said: readonly (readonly { type: string }[])[]): string[][] =>
  said.map((each) => each.map(({ type }) => type));

describe('a registration', () => {
  const input = { own: 'mp', drains: false } as const;

  test('is two stores, a step each: holder_data by cmpxchg, then holder_ops', () => {
    const { said, snapshot } = play(holderMachine, input, [
      { type: 'get.called' },
      { type: 'host.found', alive: true },
      { type: 'data.exchanged', found: null },
      { type: 'ops.installed' },
    ]);
    expect(said).toEqual([
      [],
      [{ type: 'reference.taken' }],
      [{ type: 'data.stored', holder: 'mp' }],
      [{ type: 'ops.stored', set: true, by: 'mp' }, { type: 'get.returned' }],
    ]);
    expect(snapshot.hasTag('rest')).toBe(true);
  });

  test('ends with two stores, a step each, in the same order', () => {
    const { said } = play(holderMachine, input, [
      { type: 'put.called' },
      { type: 'data.exchanged', found: 'mp' },
      { type: 'ops.cleared' },
    ]);
    expect(said).toEqual([
      [],
      [{ type: 'data.stored', holder: null }],
      [{ type: 'ops.stored', set: false }, { type: 'put.returned' }],
    ]);
  });

  test('that loses the race for the device is no registration, and no error either', () => {
    const lost = [
      { type: 'get.called' },
      { type: 'host.found', alive: true },
      { type: 'data.exchanged', found: 'other' },
    ] as const;
    expect(play(holderMachine, input, lost).last).toEqual([{ type: 'get.returned' }]);
    expect(typesOf([play(holderMachine, { ...input, leaks: false }, lost).last])).toEqual([
      ['reference.dropped', 'get.returned'],
    ]);
  });

  test('that is withdrawn in reverse clears the ops, waits for their readers, and then clears the data', () => {
    const { said } = play(holderMachine, { own: 'mp', drains: true, order: 'opsFirst', hasReference: true }, [
      { type: 'put.called' },
      { type: 'data.exchanged', found: 'mp' },
      ...names('ops.cleared readers.gone data.cleared'),
    ]);
    expect(typesOf(said)).toEqual([[], [], ['ops.stored'], [], ['data.stored', 'reference.dropped', 'put.returned']]);
  });

  test('is not ended by a put on behalf of somebody else', () => {
    const { said } = play(holderMachine, { ...input, own: 'other' }, [
      { type: 'put.called' },
      { type: 'data.exchanged', found: 'mp' },
    ]);
    expect(said.flat()).toEqual([{ type: 'put.returned' }]);
  });

  test('is over only when its readers have gone, if put drains', () => {
    const { said } = play(holderMachine, { ...input, drains: true }, [
      { type: 'put.called' },
      { type: 'data.exchanged', found: 'mp' },
      { type: 'ops.cleared' },
      { type: 'readers.gone' },
    ]);
    expect(typesOf(said)).toEqual([[], ['data.stored'], ['ops.stored'], ['put.returned']]);
  });
});

describe('a mount', () => {
  const input = {
    registers: 'beforeSuperblock',
    skipsRecovery: false,
    frees: 'afterPut',
    lateError: 'keepsRegistration',
    abortedIntents: 'cancelled',
  } as const;
  const opened = names('mount.requested devices.opened get.returned');
  const recovered = [...names('superblock.read perags.initialised'), { type: 'log.read' as const, stale: false }];

  test('registers its callback before it has read the superblock', () => {
    const { said } = play(mountMachine, input, [...opened, ...names('superblock.read')]);
    expect(typesOf(said)).toEqual([['lock.taken'], ['get.called'], [], ['superblock.read']]);
  });

  test('that registers late has recovered first', () => {
    const { said } = play(mountMachine, { ...input, registers: 'afterRecovery' }, [
      ...names('mount.requested'),
      ...recovered,
      ...names('intents.recovered devices.opened get.returned superblock.born'),
    ]);
    expect(typesOf(said).flat()).toEqual([
      'lock.taken',
      'superblock.read',
      'perags.initialised',
      'intents.recovered',
      'get.called',
      'superblock.born',
    ]);
  });

  test('replays a dirty log in two passes and then its intents', () => {
    const { said } = play(mountMachine, input, [
      ...opened,
      ...names('superblock.read perags.initialised'),
      { type: 'log.read', stale: true },
      ...names('log.scanned log.replayed intents.recovered superblock.born'),
    ]);
    expect(typesOf(said).flat().slice(4)).toEqual([
      'log.scanned',
      'log.replayed',
      'intents.recovered',
      'superblock.born',
    ]);
  });

  test('with norecovery is born with the log as it was', () => {
    const { said } = play(mountMachine, { ...input, skipsRecovery: true }, [
      ...opened,
      ...names('superblock.read perags.initialised superblock.born'),
    ]);
    expect(typesOf(said).flat()).toEqual([
      'lock.taken',
      'get.called',
      'superblock.read',
      'perags.initialised',
      'superblock.born',
    ]);
  });

  test('that fails frees its perags, then puts its holder, then frees itself', () => {
    const { said, snapshot } = play(mountMachine, input, [
      ...opened,
      ...recovered,
      ...names('error.met perags.freed put.returned mount.freed'),
    ]);
    expect(typesOf(said).slice(-4)).toEqual([
      ['intents.cancelled'],
      ['perags.freed', 'lock.released', 'put.called'],
      [],
      ['mount.freed'],
    ]);
    expect(snapshot.hasTag('failed')).toBe(true);
  });

  test('that fails without perags puts its holder all the same', () => {
    const { said } = play(mountMachine, input, [...opened, ...names('error.met put.returned mount.freed')]);
    expect(typesOf(said).slice(-3)).toEqual([['lock.released', 'put.called'], [], ['mount.freed']]);
  });

  test('whose buffer target cannot be made keeps its registration, unless it takes it back', () => {
    const late = [...opened, { type: 'buftarg.failed' as const }];
    expect(typesOf(play(mountMachine, input, [...late, ...names('mount.freed')]).said).slice(-2)).toEqual([
      ['lock.released'],
      ['mount.freed'],
    ]);
    expect(typesOf([play(mountMachine, { ...input, lateError: 'puts' }, late).last])).toEqual([
      ['lock.released', 'put.called'],
    ]);
  });

  test('that is given up among its intents cancels them, or leaves them where they are', () => {
    const given = [...opened, ...recovered, ...names('error.met')];
    expect(typesOf([play(mountMachine, input, given).last])).toEqual([['intents.cancelled']]);
    expect(play(mountMachine, { ...input, abortedIntents: 'kept' }, given).last).toEqual([]);
  });

  test('that has failed throws a deferred call away and calls nobody', () => {
    const { last } = play(mountMachine, input, [
      ...opened,
      ...names('error.met put.returned mount.freed'),
      { type: 'failure.deferred', poison: 1 },
    ]);
    expect(last).toEqual([{ type: 'event.discarded', poison: 1 }]);
  });

  test('works off deferred calls one at a time, and none before it is mounted', () => {
    const mounted = [...opened, ...recovered, ...names('intents.recovered superblock.born mount.attached')];
    for (let steps = 0; steps < mounted.length; steps++) {
      expect(play(mountMachine, input, mounted.slice(0, steps)).snapshot.hasTag('busy')).toBe(true);
    }
    const { last, snapshot } = play(mountMachine, input, [...mounted, { type: 'failure.deferred', poison: 0 }]);
    expect(last).toEqual([{ type: 'failure.resumed', poison: 0 }]);
    expect(snapshot.hasTag('busy')).toBe(true);
  });
});

describe('a superblock', () => {
  test('is born for good: SB_BORN is there until the memory is freed', () => {
    const message = fc.constantFrom(
      ...names('superblock.read superblock.born superblock.deactivated filesystem.shut mount.freed'),
    );
    fc.assert(
      fc.property(fc.array(message, { maxLength: 12 }), (walk) => {
        let [snapshot] = initialTransition(superblockMachine, { mounted: false });
        let born = false;
        for (const each of walk) {
          [snapshot] = transition(superblockMachine, snapshot, each);
          born ||= snapshot.hasTag('born');
          expect(snapshot.hasTag('born')).toBe(born && !snapshot.hasTag('freed'));
        }
      }),
      tries(100),
    );
  });

  test('loses SB_ACTIVE in umount', () => {
    const { snapshot } = play(superblockMachine, { mounted: true }, names('superblock.deactivated'));
    expect([snapshot.hasTag('born'), snapshot.hasTag('active')]).toEqual([true, false]);
  });

  test('has no features before it is read', () => {
    expect(play(superblockMachine, { mounted: false }, []).snapshot.hasTag('features')).toBe(false);
    expect(play(superblockMachine, { mounted: false }, names('superblock.read')).snapshot.hasTag('features')).toBe(
      true,
    );
  });
});

test('an rmapbt is stale from the crash to the last intent', () => {
  const stages = names('power.failed log.scanned log.replayed intents.recovered');
  const stale = stages.map((_, i) => play(logMachine, undefined, stages.slice(0, i + 1)).snapshot.hasTag('stale'));
  expect(stale).toEqual([true, true, true, false]);
});

test('a lock that is held is not taken', () => {
  const { snapshot } = play(lockMachine, undefined, [{ type: 'lock.taken', lock: 'mf_mutex' }]);
  expect(takes(lockMachine, snapshot, { type: 'lock.taken' })).toBe(false);
});

describe('an rwsem', () => {
  const taken = { type: 'lock.taken', lock: 's_umount' } as const;
  const released = { type: 'lock.released', lock: 's_umount' } as const;
  const read = { ...taken, shared: true } as const;

  test('lets readers share it, and a writer in only when the last of them has gone', () => {
    const both = play(rwsemMachine, undefined, [read, read]).snapshot;
    expect(takes(rwsemMachine, both, taken)).toBe(false);
    const one = play(rwsemMachine, undefined, [read, read, released]).snapshot;
    expect(takes(rwsemMachine, one, taken)).toBe(false);
    const none = play(rwsemMachine, undefined, [read, read, released, released]).snapshot;
    expect(takes(rwsemMachine, none, taken)).toBe(true);
  });

  test('keeps everybody out while it is written, and says that it is held', () => {
    const { snapshot } = play(rwsemMachine, undefined, [taken]);
    expect(takes(rwsemMachine, snapshot, taken)).toBe(false);
    expect(takes(rwsemMachine, snapshot, read)).toBe(false);
    expect(snapshot.hasTag('held')).toBe(true);
  });
});

describe('an umount', () => {
  test('frees the perags under s_umount, and ends the registration after it', () => {
    const { said } = play(umountMachine, { putsFirst: false }, [
      ...names('umount.requested superblock.deactivated inodes.evicted log.unmounted perags.freed bdev.closed'),
      ...names('buftarg.freed put.returned mount.freed'),
    ]);
    expect(typesOf(said).flat()).toEqual([
      'lock.taken',
      'superblock.deactivated',
      'log.unmounted',
      'perags.freed',
      'lock.released',
      'put.called',
      'mount.freed',
    ]);
  });

  test('closes its block device after it has let go of s_umount, or before, with open_mutex inside', () => {
    const dying = names(
      'umount.requested superblock.deactivated inodes.evicted log.unmounted perags.freed bdev.closed',
    );
    const after = play(umountMachine, { putsFirst: false, closes: 'afterwards' }, [
      ...dying,
      ...names('disk.entered disk.left'),
    ]);
    expect(typesOf(after.said).slice(-3)).toEqual([['lock.released'], ['disk.locked'], ['disk.unlocked']]);
    const under = play(umountMachine, { putsFirst: false, closes: 'underLock' }, [...dying, ...names('disk.left')]);
    expect(typesOf(under.said).slice(-2)).toEqual([['disk.locked'], ['disk.unlocked', 'lock.released']]);
  });

  test('that puts first has nobody registered when the perags go', () => {
    const { said } = play(umountMachine, { putsFirst: true }, [
      ...names('umount.requested superblock.deactivated inodes.evicted put.returned log.unmounted perags.freed'),
      ...names('bdev.closed mount.freed'),
    ]);
    expect(typesOf(said).flat()).toEqual([
      'lock.taken',
      'superblock.deactivated',
      'put.called',
      'log.unmounted',
      'perags.freed',
      'lock.released',
      'mount.freed',
    ]);
  });
});

describe('a notifier', () => {
  const asked = [
    { type: 'notification.asked', poison: 0 },
    { type: 'alive.read', alive: true },
  ] as const;

  test('answers -EOPNOTSUPP where nobody is registered, and -ENXIO where the device is dead', () => {
    const unregistered = play(notifierMachine, { loadsOnce: false }, [...asked, { type: 'ops.read', set: false }]);
    expect(unregistered.last).toMatchObject([{ code: 'EOPNOTSUPP', met: false }]);
    const dead = play(notifierMachine, { loadsOnce: false }, [asked[0], { type: 'alive.read', alive: false }]);
    expect(dead.last).toMatchObject([{ code: 'ENXIO', met: false }]);
  });

  test('loads holder_ops a second time to call through them', () => {
    const gone = [...asked, { type: 'ops.read', set: true }, { type: 'ops.called', set: false }] as const;
    expect(play(notifierMachine, { loadsOnce: false }, gone).snapshot.hasTag('torn')).toBe(true);
    expect(play(notifierMachine, { loadsOnce: true }, gone).last).toEqual([{ type: 'failure.notified', poison: 0 }]);
  });

  test('is a reader of dax_srcu for as long as the callback runs', () => {
    const called = [...asked, { type: 'ops.read', set: true }, { type: 'ops.called', set: true }] as const;
    expect(play(notifierMachine, { loadsOnce: false }, called).snapshot.hasTag('reading')).toBe(true);
    const { snapshot } = play(notifierMachine, { loadsOnce: false }, [
      ...called,
      { type: 'failure.handled', poison: 0, code: 'ok', met: true },
    ]);
    expect(snapshot.hasTag('reading')).toBe(false);
  });
});

describe('the removal of a disk', () => {
  const input = { asks: 'bornAndActive', pgmapRef: 'own', findsDisk: 'byPointer' } as const;
  const asked = names('removal.requested superblock.locked');

  test('shuts the file system down under open_mutex and s_umount, in this order', () => {
    const { said } = play(gendiskMachine, input, [
      ...asked,
      { type: 'flag.read', born: true, active: true },
      ...names('filesystem.shut'),
    ]);
    expect(typesOf(said)).toEqual([
      ['disk.locked'],
      ['lock.taken'],
      [],
      ['filesystem.shut', 'lock.released', 'disk.unlocked'],
    ]);
  });

  test('leaves a file system alone that is on its way out', () => {
    const { last } = play(gendiskMachine, input, [...asked, { type: 'flag.read', born: true, active: false }]);
    expect(last.map(({ type }) => type)).toEqual(['lock.released', 'disk.unlocked']);
  });
});

describe('a probe', () => {
  const input = { publishes: 'atLast', stores: 'atOnce' } as const;
  const added = names('probe.requested device.locked device.allocated');

  test('publishes its page map last', () => {
    const { last } = play(probeMachine, input, [...added, ...names('host.added pgmap.mapped driver.attached')]);
    expect(last.map(({ type }) => type)).toEqual(['pgmap.published', 'lock.released']);
  });

  test('that fails kills the device that it has stored, and no other', () => {
    const failed = [...added, ...names('error.met')];
    expect(play(probeMachine, input, [...failed, ...names('device.killed')]).last).toMatchObject([
      { type: 'device.killed' },
      { type: 'lock.released' },
    ]);
    expect(play(probeMachine, { ...input, stores: 'afterNextStep' }, failed).last).toMatchObject([
      { type: 'lock.released' },
    ]);
  });
});

test('a lookup follows what it finds, and makes nothing unless it is the old one', () => {
  const asked = [{ type: 'lookup.requested' }, { type: 'device.found', device: 'none' }] as const;
  expect(play(lookupMachine, { creates: false }, asked).last).toEqual([]);
  expect(play(lookupMachine, { creates: true }, asked).last).toEqual([{ type: 'device.created' }]);
});

test('a fault on a poisoned page gives its entry back as it was, and may come again', () => {
  const { said, snapshot } = play(faultMachine, { file: 1 }, names('page.touched access.refused'));
  expect(said).toEqual([[{ type: 'entry.taken', file: 1, by: 'fault' }], [{ type: 'entry.released', file: 1 }]]);
  expect(snapshot.hasTag('rest')).toBe(true);
});

test('whoever wants the bus to itself waits before it locks', () => {
  const waited = names('flush.requested probe.idle device.locked flush.ended');
  expect(typesOf(play(busMachine, { waitsLocked: false }, waited).said)).toEqual([
    [],
    [],
    ['lock.taken'],
    ['lock.released'],
  ]);
});

describe('memory_failure', () => {
  const notified = [
    ...names('poison.reported mutex.awaited'),
    { type: 'pgmap.read', live: true },
    ...names('range.sent'),
  ] as const;
  const answered = (code: 'ok' | 'EIO' | 'ENXIO' | 'EFSCORRUPTED' | 'EOPNOTSUPP', met = true) =>
    play(failureMachine, { poison: 0 }, [...notified, { type: 'notification.answered', poison: 0, code, met }]);

  test.each(['ok', 'EIO', 'ENXIO', 'EFSCORRUPTED'] as const)('takes %s for an answer', (code) => {
    const { last, snapshot } = answered(code);
    expect(snapshot.hasTag('returned')).toBe(true);
    expect(last).toMatchObject([{ type: 'lock.released' }, { type: 'failure.returned', code }]);
  });

  test('goes the generic way on -EOPNOTSUPP only', () => {
    const { snapshot } = answered('EOPNOTSUPP', false);
    expect(snapshot.hasTag('returned')).toBe(false);
    const [, mapped] = transition(failureMachine, snapshot, { type: 'page.read', mapped: true });
    expect(mapped.map(({ params }) => (params as { event: { type: string } }).event.type)).toEqual([
      'task.signalled',
      'event.generic',
      'lock.released',
      'failure.returned',
    ]);
  });

  test('calls an event nobody’s only if no owner has answered', () => {
    const unmapped = (met: boolean) => {
      const [, actions] = transition(failureMachine, answered('EOPNOTSUPP', met).snapshot as never, {
        type: 'page.read',
        mapped: false,
      });
      return actions.map(({ params }) => (params as { event: { type: string } }).event.type);
    };
    expect(unmapped(false)).toEqual(['event.unowned', 'lock.released', 'failure.returned']);
    expect(unmapped(true)).toEqual(['lock.released', 'failure.returned']);
  });

  test('holds mf_mutex from before the page map is looked at until it returns', () => {
    const { said } = play(failureMachine, { poison: 0 }, [
      ...notified,
      { type: 'notification.answered', poison: 0, code: 'EIO', met: true },
    ]);
    expect(typesOf(said)).toEqual([
      [],
      ['lock.taken'],
      [],
      ['notification.asked'],
      ['lock.released', 'failure.returned'],
    ]);
  });
});

describe('the handler', () => {
  const input = { whenUnready: 'drop', checksHolder: false, asksFeatures: true, lock: 'none' } as const;
  const called = [
    { type: 'failure.notified', poison: 0 },
    { type: 'holder.read', holder: 'mp' },
  ] as const;
  const walking = [
    ...called,
    { type: 'flag.read', ready: true, freed: false },
    { type: 'features.read', rmap: true, freed: false },
    { type: 'agf.read', perag: true, shutdown: false },
  ] as const;

  test('looks behind a NULL holder unless it checks it', () => {
    const found = [called[0], { type: 'holder.read', holder: null }] as const;
    expect(play(handlerMachine, input, found).snapshot.hasTag('null')).toBe(true);
    expect(play(handlerMachine, { ...input, checksHolder: true }, found).last).toMatchObject([
      { type: 'failure.handled', code: 'EOPNOTSUPP', met: false },
    ]);
  });

  test.each([
    ['drop', ['lock.released', 'failure.handled'], 'EIO'],
    ['queue', ['event.queued', 'failure.deferred', 'lock.released', 'failure.handled'], 'ok'],
    ['record', ['event.recorded', 'lock.released', 'failure.handled'], 'EIO'],
  ] as const)('that is not ready may %s the call', (whenUnready, types, code) => {
    const refused = whenUnready === 'drop' ? [] : [{ type: 'call.refused', freed: false } as const];
    const { last } = play(handlerMachine, { ...input, whenUnready }, [
      ...called,
      { type: 'flag.read', ready: false, freed: false },
      ...refused,
    ]);
    expect(last.map(({ type }) => type)).toEqual(types);
    expect(last.at(-1)).toMatchObject({ code });
  });

  test('without a guard walks as soon as there is an rmapbt, and not before', () => {
    const unguarded = { ...input, whenUnready: 'walk' } as const;
    const without = play(handlerMachine, unguarded, [...called, { type: 'features.read', rmap: false, freed: false }]);
    expect(without.last).toMatchObject([{ type: 'lock.released' }, { code: 'EOPNOTSUPP', met: true }]);
    const { snapshot } = play(handlerMachine, unguarded, [
      ...called,
      { type: 'features.read', rmap: true, freed: false },
      { type: 'agf.read', perag: false, shutdown: false },
    ]);
    expect(snapshot.hasTag('walking')).toBe(true);
  });

  test('gets no AGF from a file system that is shut down', () => {
    const { last } = play(handlerMachine, input, [
      ...walking.slice(0, -1),
      { type: 'agf.read', perag: true, shutdown: true },
    ]);
    expect(last.at(-1)).toMatchObject({ code: 'EIO' });
  });

  test('shuts the file system down for metadata, but only after the walk', () => {
    const { said, last } = play(handlerMachine, input, [
      ...walking,
      { type: 'record.found', owner: 'metadata' },
      ...names('group.unlocked walk.ended'),
    ]);
    expect(said.slice(0, -1).flat()).toEqual([]);
    expect(last.map(({ type }) => type)).toEqual([
      'filesystem.shut',
      'event.owned',
      'lock.released',
      'failure.handled',
    ]);
    expect(last.at(-1)).toMatchObject({ code: 'EFSCORRUPTED' });
  });

  test.each([
    ['absent', 'ok'],
    ['inTransit', 'EFSCORRUPTED'],
  ] as const)('takes an inode that is %s for a reason to answer %s', (inode, code) => {
    const { last } = play(handlerMachine, input, [
      ...walking,
      { type: 'record.found', owner: 'data' },
      { type: 'inode.found', inode },
      ...names('group.unlocked walk.ended'),
    ]);
    expect(last.at(-1)).toMatchObject({ code });
  });

  test('tells the tasks that map the page while it holds the group', () => {
    const { said, snapshot } = play(handlerMachine, input, [
      ...walking,
      { type: 'record.found', owner: 'data' },
      { type: 'inode.found', inode: 'inCore' },
      ...names('mapping.killed'),
    ]);
    expect(said.at(-1)).toEqual([{ type: 'task.signalled', poison: 0 }]);
    expect(snapshot.hasTag('walking')).toBe(true);
  });

  test('that locks the superblock does so after it has loaded the holder, and before it asks', () => {
    const { last } = play(handlerMachine, { ...input, lock: 's_umount' }, [
      ...called,
      { type: 'superblock.locked', freed: false },
    ]);
    expect(last).toEqual([{ type: 'lock.taken', lock: 's_umount', shared: true }]);
  });
});

describe('a daemon', () => {
  test('reads the record when the mount is announced, until nothing is left in it', () => {
    const { said, snapshot } = play(daemonMachine, { eager: false }, [
      { type: 'badblocks.changed' },
      { type: 'mount.announced' },
      { type: 'badblocks.read', pending: 0 },
      { type: 'failure.returned', poison: 0, code: 'ok' },
      { type: 'badblocks.read', pending: -1 },
    ]);
    expect(typesOf(said)).toEqual([[], [], ['poison.replayed'], ['range.reconciled'], []]);
    expect(snapshot.hasTag('watching')).toBe(true);
  });

  test('replays again what has been refused again', () => {
    const { said } = play(daemonMachine, { eager: false }, [
      { type: 'mount.announced' },
      { type: 'badblocks.read', pending: 0 },
      { type: 'failure.returned', poison: 0, code: 'EIO' },
      { type: 'badblocks.read', pending: 0 },
    ]);
    expect(typesOf(said)).toEqual([[], ['poison.replayed'], [], ['poison.replayed']]);
  });

  test('that is eager replays once, whatever the answer', () => {
    const { snapshot } = play(daemonMachine, { eager: true }, [
      { type: 'badblocks.changed' },
      { type: 'badblocks.read', pending: 0 },
      { type: 'failure.returned', poison: 0, code: 'EIO' },
    ]);
    expect(snapshot.hasTag('watching')).toBe(false);
  });
});

test('the record names every range once, and tells who watches that it has changed', () => {
  const { said, snapshot } = play(badblocksMachine, undefined, [
    { type: 'event.recorded', poison: 1 },
    { type: 'event.recorded', poison: 0 },
    { type: 'event.recorded', poison: 1 },
    { type: 'range.reconciled', poison: 0 },
  ]);
  expect(typesOf(said)).toEqual([['badblocks.changed'], ['badblocks.changed'], ['badblocks.changed'], []]);
  expect(snapshot.context).toEqual({ pending: [1] });
});

test('a task that consumes poison goes on when memory_failure has returned, whatever it answers', () => {
  const consuming = names('file.mapped page.touched');
  const { said, snapshot } = play(applicationMachine, undefined, [
    ...consuming,
    { type: 'task.signalled', poison: 1 },
    { type: 'failure.returned', poison: 1 },
  ]);
  expect(typesOf(said).flat()).toEqual(['poison.consumed']);
  expect(snapshot.hasTag('mapped')).toBe(false);
});

test('a kept event may become owned once, and no event is both owned and generic', () => {
  const fateOf = (types: string) => {
    const messages = names(types).map(({ type }) => ({ type, poison: 0 }));
    return [...play(fateMachine, undefined, messages).snapshot.tags].filter((tag) => tag !== 'rest');
  };
  expect(fateOf('event.queued event.owned')).toEqual(['owned']);
  expect(fateOf('event.recorded event.recorded event.owned')).toEqual(['owned']);
  expect(fateOf('event.recorded event.owned event.owned')).toEqual(['disputed']);
  expect(fateOf('event.generic event.owned')).toEqual(['disputed']);
  expect(fateOf('event.owned event.generic')).toEqual(['disputed']);
});

describe('the steps that real interleavings fall between', () => {
  /**
   * Of the actors that are modelled: the mount thread, umount, put, the notifier, poison arrival, the handler. Those of
   * the unplug (K, R), of the mapping scan (D), of the page fault (A) and of pmem I/O (W) come with their machines.
   */
  const separate = [
    ...['M1', 'M1c', 'M1d', 'M2', 'M6', 'M8', 'M10', 'M13'],
    ...['U2', 'U3', 'U5', 'U6', 'put1', 'put2'],
    ...['N3', 'N4'],
    ...['P2', 'P3', 'P5', 'P7'],
    ...['H1', 'H6', 'H7', 'H8', 'H9', 'H11', 'H12'],
  ];
  const steps = stepsOf(machines);

  test('each have a transition that says so', () => {
    expect(unnamed(separate, steps)).toEqual([]);
  });

  test('are told apart: no transition stands for two of them', () => {
    expect(merged(separate, steps)).toEqual([]);
  });
});
