import { describe, expect, test } from 'vitest';
import { clientMachine } from '../src/machines/client.ts';
import { climbMachine } from '../src/machines/climb.ts';
import { mappedDeviceMachine } from '../src/machines/mapped-device.ts';
import { type RelayInput, relayMachine } from '../src/machines/relay.ts';
import { tableMachine } from '../src/machines/table.ts';
import { type UpperInput, upperMachine } from '../src/machines/upper.ts';
import { names, play } from './machine-kit.ts';

describe('a relay', () => {
  const linear: RelayInput = { routes: [[1, 2], []], copies: 'none' };
  const answer = (code: 'ok' | 'ENXIO' | 'EOPNOTSUPP') =>
    ({ type: 'notification.answered', poison: 0, code, met: code !== 'EOPNOTSUPP' }) as const;
  const open = { type: 'table.read', open: true } as const;
  const call = { type: 'target.called' } as const;
  /** Whom it calls for a range of its leg, if each answers in its turn, and what it answers itself. */
  const passes = (input: RelayInput, range: number, ...codes: readonly ('ok' | 'ENXIO' | 'EOPNOTSUPP')[]) => {
    const rounds = codes.flatMap((code) => [call, answer(code)]);
    const { all, snapshot } = play(relayMachine, input, [
      { type: 'failure.notified', poison: range },
      open,
      ...rounds,
      call,
    ]);
    return {
      called: all.filter(({ type }) => type === 'notification.asked').map(({ poison }) => poison),
      code: all.at(-1)!.code,
      rests: snapshot.hasTag('rest'),
    };
  };

  test('calls everything that lies above a block, and answers once', () => {
    expect(passes(linear, 0, 'ok', 'ok')).toEqual({ called: [1, 2], code: 'ok', rests: true });
  });

  test('takes all of a leg for what lies above it, and not for all that there is', () => {
    expect(passes(linear, -1, 'ok', 'ok').called).toEqual([1, 2]);
    expect(passes({ ...linear, translates: 'no' }, -1, 'ok').called).toEqual([-1]);
  });

  test('calls nobody where nothing lies above, and says so', () => {
    expect(passes(linear, 1)).toEqual({ called: [], code: 'EOPNOTSUPP', rests: true });
  });

  test('does not count who has nothing to do with the range', () => {
    expect(passes(linear, 0, 'EOPNOTSUPP', 'ENXIO').code).toBe('EOPNOTSUPP');
    expect(passes(linear, 0, 'ENXIO', 'ok').code).toBe('ok');
    expect(passes({ ...linear, answersBy: 'last' }, 0, 'EOPNOTSUPP', 'ENXIO').code).toBe('ENXIO');
  });

  test('says of what has a copy that it has moved, and of what has an old one that it is lost', () => {
    const means = (copies: RelayInput['copies'], range: number) =>
      play(relayMachine, { ...linear, copies }, [{ type: 'failure.notified', poison: range }, open]).snapshot.context
        .means;
    expect([means('none', 0), means('none', -1)]).toEqual(['failed', 'going']);
    expect([means('current', 0), means('current', -1)]).toEqual(['moved', 'moved']);
    expect([means('old', 0), means('old', -1)]).toEqual(['failed', 'failed']);
  });

  test('without a table answers as if nobody had registered', () => {
    const { types, all } = play(relayMachine, { ...linear, locks: 'table' }, [
      { type: 'failure.notified', poison: 0 },
      { type: 'table.locked' },
      { type: 'table.read', open: false },
    ]);
    expect(types).toEqual(['lock.taken', 'lock.released', 'failure.handled']);
    expect(all.at(-1)).toMatchObject({ code: 'EOPNOTSUPP', met: false });
  });
});

describe('a file system above', () => {
  const v71: UpperInput = { device: 'data', ignoresLog: true, unneeded: 'shutDown', deadDisk: 'shutsDown' };
  const told = (input: UpperInput, means: 'failed' | 'going' | 'moved', own = true) =>
    play(upperMachine, input, [
      { type: 'failure.notified', poison: 0 },
      { type: 'range.located', own, means },
    ]);
  const walked = (input: UpperInput, means: 'failed' | 'going' | 'moved') =>
    play(upperMachine, input, [
      { type: 'failure.notified', poison: 0 },
      { type: 'range.located', own: true, means },
      ...names('owners.found shutdown.decided'),
    ]).types;

  test('unmaps, tells, and after a removal shuts down', () => {
    expect(walked(v71, 'failed')).toEqual(['page.unmapped', 'task.signalled', 'failure.handled']);
    expect(walked(v71, 'going')).toEqual(['page.unmapped', 'task.signalled', 'filesystem.shut', 'failure.handled']);
  });

  test('tells nobody of data that are elsewhere, and need not go down with them', () => {
    expect(walked({ ...v71, unneeded: 'goOn' }, 'moved')).toEqual(['page.unmapped', 'failure.handled']);
    expect(walked(v71, 'moved')).toContain('filesystem.shut');
  });

  test('goes on without realtime only if it may', () => {
    expect(walked({ ...v71, device: 'realtime' }, 'going')).toContain('filesystem.shut');
    expect(walked({ ...v71, device: 'realtime', unneeded: 'goOn' }, 'going')).not.toContain('filesystem.shut');
  });

  test('asks whether a range is its own, and whether it can look owners up, in one order or the other', () => {
    const answer = (input: UpperInput) => told(input, 'failed', false).all.at(-1)!.code;
    expect(answer({ ...v71, hasRmap: false })).toBe('ENXIO');
    expect(answer({ ...v71, hasRmap: false, asksFirst: 'features' })).toBe('EOPNOTSUPP');
  });

  test('ignores that its log goes, and not that its log fails', () => {
    const log = { ...v71, device: 'log' } as const;
    expect(told(log, 'going').all.at(-1)).toMatchObject({ type: 'failure.handled', code: 'ok' });
    expect(told(log, 'failed').types).toEqual([]);
  });

  test('obeys the block layer, or asks what it has lost', () => {
    const dead = (input: UpperInput) => play(upperMachine, input, names('filesystem.shut')).types;
    expect(dead({ ...v71, device: 'realtime' })).toEqual(['filesystem.shut']);
    expect(dead({ ...v71, device: 'realtime', deadDisk: 'asks' })).toEqual([]);
    expect(dead({ ...v71, deadDisk: 'asks' })).toEqual(['filesystem.shut']);
  });
});

describe('a task above', () => {
  const page = { device: 0, block: 0 };
  const fault = (to: typeof page | null, current: boolean) =>
    play(clientMachine, { page }, [{ type: 'page.unmapped' }, { type: 'page.faulted', page: to, current }]).snapshot;

  test('finds its data, an old copy, or an error', () => {
    expect(fault({ device: 1, block: 0 }, true).hasTag('mapped')).toBe(true);
    expect(fault({ device: 1, block: 0 }, false).hasTag('misled')).toBe(true);
    expect(fault(null, true).hasTag('refused')).toBe(true);
  });

  test('is told with its mapping as it is', () => {
    const { snapshot } = play(clientMachine, { page }, [{ type: 'task.signalled' }]);
    expect(snapshot.context).toEqual({ home: page, page, told: true });
  });
});

describe('an error that climbs', () => {
  const found = [
    { type: 'error.reported' },
    { type: 'disk.read', attached: true },
    { type: 'operation.called', freed: false },
    { type: 'super.read', found: true },
  ] as const;
  const handled = { type: 'failure.handled', poison: 0, code: 'ok', met: true } as const;

  test('takes the lock and asks again before it calls', () => {
    const { types } = play(climbMachine, { pinsDisk: true, pinsSuper: 'locked' }, [
      ...found,
      { type: 'superblock.locked' },
      { type: 'flag.read', active: true },
      { type: 'filesystem.called' },
      handled,
    ]);
    expect(types).toEqual([
      'reference.taken',
      'reference.taken',
      'lock.taken',
      'failure.notified',
      'lock.released',
      'reference.dropped',
      'reference.dropped',
    ]);
  });

  test('lets everything go where it comes too late', () => {
    const { all, snapshot } = play(climbMachine, { pinsDisk: true, pinsSuper: 'locked' }, [
      ...found,
      { type: 'superblock.locked' },
      { type: 'flag.read', active: false },
    ]);
    expect(all.slice(-3)).toEqual([
      { type: 'lock.released', lock: 's_umount' },
      { type: 'reference.dropped', of: 'super' },
      { type: 'reference.dropped', of: 'disk' },
    ]);
    expect(snapshot.hasTag('told')).toBe(false);
  });

  test('goes astray by a disk that has been freed', () => {
    const { snapshot } = play(climbMachine, { pinsDisk: false, pinsSuper: 'nothing' }, [
      ...found.slice(0, 2),
      { type: 'operation.called', freed: true },
    ]);
    expect(snapshot.hasTag('astray')).toBe(true);
  });
});

describe('a mapped device', () => {
  const made = [
    ...names('device.requested disk.added removal.requested'),
    { type: 'table.read', open: false },
  ] as const;
  const removed = names('alive.cleared grace.passed disk.reached disk.deleted device.freed');

  test('lets the lock go between the question and the deletion, or keeps it', () => {
    const locks = (where: 'disk' | 'kill') => play(mappedDeviceMachine, { locks: where }, [...made, ...removed]).types;
    const pair = ['lock.taken', 'lock.released'];
    expect(locks('disk')).toEqual([...pair, ...pair, ...pair]);
    expect(locks('kill')).toEqual([...pair, ...pair]);
  });

  test('stays where its table is open', () => {
    const { snapshot } = play(mappedDeviceMachine, { locks: 'disk' }, [
      ...made.slice(0, 3),
      { type: 'table.read', open: true },
    ]);
    expect(snapshot.hasTag('live')).toBe(true);
  });
});

describe('a table', () => {
  test('registers when it is opened, and withdraws when it is closed', () => {
    const { types } = play(tableMachine, { locks: 'table' }, [
      { type: 'open.requested' },
      { type: 'disk.read', there: true },
      ...names('link.made close.requested link.removed'),
    ]);
    const stores = ['data.stored', 'ops.stored'];
    expect(types).toEqual([
      'lock.taken',
      ...stores,
      'lock.released',
      'lock.taken',
      ...stores.reverse(),
      'lock.released',
    ]);
  });

  test('is not opened over a device that is not there', () => {
    const { types } = play(tableMachine, { locks: 'table' }, [
      { type: 'open.requested' },
      { type: 'disk.read', there: false },
    ]);
    expect(types).toEqual(['lock.taken', 'lock.released']);
  });
});
