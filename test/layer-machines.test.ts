import { describe, expect, test } from 'vitest';
import { bottomUpMachine } from '../src/machines/bottom-up.ts';
import { cacheTruncateMachine } from '../src/machines/cache-truncate.ts';
import { classOf } from '../src/machines/frame.ts';
import { layerMachine } from '../src/machines/layer.ts';
import { layoutBreakMachine } from '../src/machines/layout-break.ts';
import { noticeMachine } from '../src/machines/notice.ts';
import { openingMachine } from '../src/machines/opening.ts';
import { pageFailureMachine } from '../src/machines/page-failure.ts';
import { pinMachine } from '../src/machines/pin.ts';
import { registrarMachine } from '../src/machines/registrar.ts';
import { ringMachine } from '../src/machines/ring.ts';
import { subscriberMachine } from '../src/machines/subscriber.ts';
import { play } from './machine-kit.ts';

describe('a page of ordinary memory', () => {
  const input = { poison: 0, asks: 'ifCached', classifies: 'underLock' } as const;
  const until = (kind: 'cached' | 'anonymous' | 'unused') =>
    [
      { type: 'poison.reported' },
      { type: 'page.locked' },
      { type: 'page.classified', kind, file: kind === 'cached' ? 0 : -1 },
      { type: 'page.marked' },
    ] as const;
  const declined = { type: 'notification.answered', poison: 0, code: 'EOPNOTSUPP', met: true } as const;
  const done = { type: 'kill.returned', code: 'ok' } as const;
  const left = { type: 'page.unlocked' } as const;

  test('is free, a process’s own, or its first file’s', () => {
    expect(classOf({ files: [], anonymous: false })).toEqual({ kind: 'unused', file: -1 });
    expect(classOf({ files: [], anonymous: true })).toEqual({ kind: 'anonymous', file: -1 });
    expect(classOf({ files: [1, 0], anonymous: false })).toEqual({ kind: 'cached', file: 1 });
  });

  test('is locked, looked at, marked, and only then handled', () => {
    expect(play(pageFailureMachine, { ...input, asks: 'never' }, [...until('cached'), done, left]).types).toEqual([
      ...['lock.taken', 'page.poisoned', 'kill.called', 'event.generic', 'lock.released'],
    ]);
  });

  test('is its owner’s to handle, unless the owner declines or there is none', () => {
    const asked = ['lock.taken', 'page.poisoned', 'notification.asked'];
    const owned = { ...declined, code: 'ok' } as const;
    expect(play(pageFailureMachine, input, [...until('cached'), owned, left]).types).toEqual([
      ...asked,
      'lock.released',
    ]);
    expect(play(pageFailureMachine, input, [...until('cached'), declined]).types).toEqual([...asked, 'kill.called']);
    expect(play(pageFailureMachine, input, until('anonymous')).types.at(-1)).toBe('kill.called');
    expect(play(pageFailureMachine, input, [...until('unused'), left]).types).toEqual([
      ...['lock.taken', 'page.poisoned', 'event.unowned', 'lock.released'],
    ]);
  });

  test('is unmapped by a truncate before it leaves the cache, and leaves it locked', () => {
    const all = ['truncate.requested', 'page.dropped', 'page.removed', 'extent.freed', 'page.written'] as const;
    const messages = all.map((type) => ({ type }));
    expect(play(cacheTruncateMachine, { file: 0 }, messages).types).toEqual([
      ...['lock.taken', 'page.unmapped', 'page.deleted', 'lock.released', 'record.removed', 'page.mapped'],
    ]);
  });
});

describe('a layer', () => {
  const asked = { type: 'notification.asked', poison: 2 } as const;
  const handled = { type: 'failure.handled', poison: 2, code: 'EIO', met: true } as const;

  test('hands the question down and the answer up', () => {
    const { all } = play(layerMachine, { caller: 'memory_failure' }, [
      asked,
      { type: 'operation.read', is: 'there' },
      handled,
    ]);
    expect(all).toEqual([
      { type: 'failure.notified', poison: 2 },
      { type: 'notification.answered', poison: 2, code: 'EIO', met: true },
    ]);
    const { all: below } = play(layerMachine, { caller: 'layer' }, [
      { type: 'failure.notified', poison: 2 },
      { type: 'operation.read', is: 'there' },
      handled,
    ]);
    expect(below.at(-1)).toEqual(handled);
  });

  test('calls nobody where nothing is there', () => {
    const { all } = play(layerMachine, { caller: 'memory_failure' }, [
      asked,
      { type: 'operation.read', is: 'EOPNOTSUPP' },
    ]);
    expect(all).toEqual([{ type: 'notification.answered', poison: 2, code: 'EOPNOTSUPP', met: false }]);
  });
});

describe('a report from below', () => {
  const input = { disk: 'held', contended: 'waits', whenUnready: 'record' } as const;
  const found = [
    { type: 'error.raised' },
    { type: 'disk.entered' },
    { type: 'claim.read', claimed: true, going: false },
  ] as const;
  const climbed = { type: 'superblock.locked', held: false, freed: false } as const;
  const walked = [{ type: 'flag.read', active: true }, { type: 'range.walked' }, { type: 'disk.left' }] as const;

  test('takes the lock of the disk and then that of the file system, and keeps both', () => {
    expect(play(bottomUpMachine, input, [...found, climbed, ...walked]).types).toEqual([
      ...['disk.locked', 'lock.taken', 'event.owned', 'lock.released', 'disk.unlocked'],
    ]);
  });

  test('or lets go of the first, with a reference in its place if there is one to be had', () => {
    const pinned = { ...input, disk: 'pinned' } as const;
    expect(play(bottomUpMachine, pinned, [...found, climbed, ...walked]).types).toEqual([
      ...['disk.locked', 'reference.taken', 'disk.unlocked'],
      ...['lock.taken', 'event.owned', 'lock.released', 'reference.dropped'],
    ]);
    const going = [...found.slice(0, 2), { type: 'claim.read', claimed: true, going: true }] as const;
    expect(play(bottomUpMachine, pinned, going).types).toEqual(['disk.locked', 'disk.unlocked', 'event.recorded']);
  });

  test('or does not wait for the second, and leaves a record', () => {
    const tries = { ...input, contended: 'isUnready' } as const;
    const held = { ...climbed, held: true } as const;
    expect(play(bottomUpMachine, tries, [...found, held, { type: 'disk.left' }]).types).toEqual([
      ...['disk.locked', 'event.recorded', 'disk.unlocked'],
    ]);
  });

  test('meets a mount that opens a second device under s_umount, or before', () => {
    const rest = ['superblock.read', 'superblock.born', 'mount.attached'] as const;
    const open = ['mount.requested', 'bdev.opened', 'superblock.created'] as const;
    const played = (opens: 'underLock' | 'before', ...all: readonly string[]) =>
      play(openingMachine, { opens }, all.map((type) => ({ type })) as never).types;
    expect(played('underLock', ...open, 'log.entered', 'log.opened', ...rest)).toEqual([
      ...['disk.locked', 'bdev.claimed', 'disk.unlocked', 'lock.taken', 'disk.locked', 'disk.unlocked'],
      ...['superblock.read', 'superblock.born', 'lock.released'],
    ]);
    expect(played('before', ...open, ...rest).filter((type) => type === 'disk.locked')).toHaveLength(1);
  });
});

describe('a subscription', () => {
  const posted = (poison: number) => ({ type: 'report.posted', poison }) as const;

  test('has nothing of what came before it', () => {
    const { snapshot } = play(ringMachine, { room: 1, whenFull: 'mark' }, [posted(0), { type: 'ring.opened' }]);
    expect(snapshot.context).toMatchObject({ waiting: [], overflowed: false });
  });

  test('says when it has overflowed, or does not, or does not take the report', () => {
    const messages = [{ type: 'ring.opened' }, posted(0), posted(1)] as const;
    const full = (whenFull: 'mark' | 'drop') => play(ringMachine, { room: 1, whenFull }, messages).snapshot.context;
    expect(full('mark')).toMatchObject({ waiting: [0], overflowed: true });
    expect(full('drop')).toMatchObject({ waiting: [0], overflowed: false });
    const { snapshot } = play(ringMachine, { room: 1, whenFull: 'wait' }, messages.slice(0, 2));
    expect(snapshot.can(posted(1))).toBe(false);
  });

  test('is opened before the record is read, or after', () => {
    const opened = { type: 'ring.opened' } as const;
    const read = { type: 'record.read', pending: [1, 0] } as const;
    const first = play(subscriberMachine, { joins: 'opensFirst' }, [opened, read]).snapshot;
    const late = play(subscriberMachine, { joins: 'readsFirst' }, [read, opened]).snapshot;
    expect([first, late].map(({ value, context }) => [value, context.known])).toEqual([
      ['watching', [0, 1]],
      ['watching', [0, 1]],
    ]);
  });

  test('sends its reader to the record when it has overflowed', () => {
    const joined = [{ type: 'ring.opened' }, { type: 'record.read', pending: [] }] as const;
    const report = { type: 'ring.read', poison: 3 } as const;
    const { types, snapshot } = play(subscriberMachine, { joins: 'opensFirst' }, [
      ...joined,
      report,
      { ...report, poison: -1 },
      { type: 'record.read', pending: [3, 4] },
    ]);
    expect(types).toEqual(['ring.opened', 'report.taken', 'overflow.seen']);
    expect(snapshot.context.known).toEqual([3, 4]);
  });

  test('hears of a failure after it has been recorded, and before a walk that may fail', () => {
    const input = { events: 1, records: 'first', posts: 'beforeWalk' } as const;
    const raised = { type: 'poison.reported', poison: 0 } as const;
    const begun = [raised, { type: 'record.written' }, { type: 'report.posted' }] as const;
    const ended = { type: 'failure.ended' } as const;
    const shut = play(noticeMachine, input, [...begun, { type: 'agf.read', shutdown: true }, ended]);
    expect(shut.types).toEqual(['event.recorded', 'report.posted']);
    expect(shut.snapshot.context.returned).toEqual([0]);
    const late = play(noticeMachine, { ...input, records: 'last', posts: 'afterWalk' }, [
      raised,
      { type: 'agf.read', shutdown: false },
      { type: 'kill.returned', code: 'ok' },
      { type: 'report.posted' },
      { type: 'record.written' },
      ended,
    ]);
    expect(late.types).toEqual(['kill.called', 'report.posted', 'event.recorded']);
  });
});

describe('a page that somebody uses', () => {
  const pinned = { type: 'page.pinned' } as const;
  const used = (others: boolean) => ({ type: 'use.over', others }) as const;

  test('is idle, and then its waiter is woken, in two steps', () => {
    const { types } = play(pinMachine, { wakes: 'whenIdle' }, [pinned, used(false), { type: 'waiter.called' }]);
    expect(types).toEqual(['reference.taken', 'reference.dropped', 'waiter.woken']);
  });

  test('wakes nobody while others use it, or when it is put by a way that does not know of waiters', () => {
    const ends = ['reference.taken', 'reference.dropped'];
    expect(play(pinMachine, { wakes: 'whenIdle' }, [pinned, used(true), pinned]).types.slice(0, 2)).toEqual(ends);
    expect(play(pinMachine, { wakes: 'never' }, [pinned, used(false)]).types).toEqual(ends);
  });

  test('is asked for anew by whoever is woken, before it sleeps as after', () => {
    const wokenAt = (asks: 'onQueue' | 'beforeQueue', sleeps: boolean) =>
      play(layoutBreakMachine, { asks, whenBusy: 'waits' }, [
        { type: 'truncate.requested' },
        { type: 'page.unmapped' },
        { type: 'count.read', idle: false },
        ...(sleeps ? [{ type: 'sleep.begun' } as const] : []),
        { type: 'waiter.woken' },
      ]).snapshot.value;
    expect(wokenAt('onQueue', true)).toBe('asking');
    expect(wokenAt('onQueue', false)).toBe('asking');
    expect(wokenAt('beforeQueue', false)).toBe('refused');
  });
});

describe('a registration under a lock', () => {
  test('takes it before both stores and lets go after them', () => {
    const put = [{ type: 'put.called' }, { type: 'lock.awaited' }, { type: 'put.returned' }] as const;
    expect(play(registrarMachine, { locks: true }, put).types).toEqual([
      ...['lock.taken', 'put.called', 'lock.released', 'put.returned'],
    ]);
  });

  test('is the call alone where there is none', () => {
    const put = [{ type: 'put.called' }, { type: 'put.returned' }] as const;
    expect(play(registrarMachine, { locks: false }, put).types).toEqual(['put.called', 'put.returned']);
  });
});
