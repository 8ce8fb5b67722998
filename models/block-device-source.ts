import { type Assignment, compose, defineModel, replicate, start } from '../src/explore/model.ts';
import {
  clientHears,
  earlyTold,
  noFreedDisk,
  noFreedSuper,
  noLateCall,
  ownDevice,
  reportOutcome,
  toldIsUnmounted,
} from '../src/invariants/bottom-up-report.ts';
import { clientMachine } from '../src/machines/client.ts';
import { climbMachine } from '../src/machines/climb.ts';
import { diskMachine } from '../src/machines/disk.ts';
import { gendiskMachine } from '../src/machines/gendisk.ts';
import { referenceMachine } from '../src/machines/primitives/reference.ts';
import { rwsemMachine } from '../src/machines/primitives/rwsem.ts';
import { superblockMachine } from '../src/machines/superblock.ts';
import { umountMachine } from '../src/machines/umount.ts';
import { upperMachine } from '../src/machines/upper.ts';
import { diskUmountSteps, diskUmountWires, gendiskSteps, gendiskWires } from './instructions/disks.ts';
import { lockWires } from './instructions/threads.ts';

const options = {
  /** Which device of the file system reports. */
  device: ['data', 'realtime', 'log'],
  /** How its super block is found: by the holder of the block device, or by the one device number that it keeps. */
  finds: ['byHolder', 'bySuperDevice'],
  pinsDisk: [true, false],
  /** What keeps the file system, or turns the caller away. */
  pinsSuper: ['locked', 'active', 'nothing'],
  /** Whether the report says which device it is about. */
  says: ['device', 'nothing'],
  /** Who has consumed the error: nobody, as a disk reports it at the end of an I/O; or a task, as of DAX. */
  source: ['block', 'dax'],
  /** What the file system makes of it: tells who asked for it, tells who has consumed it, or shuts down. */
  action: ['optional', 'required', 'shutdown'],
} as const;
type Option = Assignment<typeof options>;

const freed = { [noFreedDisk.name]: 'violated' } as const;
const late = { [noLateCall.name]: 'violated', [noFreedSuper.name]: 'violated' } as const;
const unfound = { [reportOutcome.name]: 'violated', [toldIsUnmounted.name]: 'unreached' } as const;
const unheard = { [clientHears.name]: 'unreached' } as const;

/**
 * An error is found in a block device, and climbs: from the gendisk to the super block, and from there to the owners.
 * So the first two versions of the series had it, for DAX as for any other device (V1, V2), before a holder of the DAX
 * device took its place.
 *
 * The world is one error, one umount and one removal of the disk, each when it likes, and two tasks: one maps a page on
 * the device that reports and wants to be told early, one maps a page of the same number on the data device. Of a block
 * device without DAX the pages that tasks map are in the page cache; that a task has lost nothing as long as its page
 * stays there is left out. The file system is upper.ts, and asks nothing about its own state: who calls it has asked.
 *
 * What surprised, and who was right:
 * - There are two hops, and each is a race of its own: a disk that has been looked up is freed by its removal (I17),
 *   and a super block that has been looked up is unmounted (I2). To pin the one does not help the other (`V2`,
 *   `super-unpinned`). The repair of the second is that of fs_mark_dead (KB-33): keep the memory, take s_umount, and
 *   ask again. The reference of get_active_super() does as well (`V2-disk-pinned`).
 * - get_active_super() is safe and finds nothing: a super block keeps the number of one device, so that no error of the
 *   realtime device or of the log ever arrives (`V2-realtime`, `V2-log`). The holder of the block device is found from
 *   each of them. That is what Williams was right about (S000-31), for a reason that he did not give; a holder has an
 *   umount of its own to fear (umount-window).
 * - And where it arrives from the realtime device without saying so, it is looked up in the wrong reverse map, and the
 *   wrong task is told (`realtime-unnamed`). A range by itself is not an address.
 * - The errno of an I/O has no task. What is required of a task that consumes poison is required of nobody here, and
 *   who has asked to be told early is not (`action-required`, against `dax-action-required`). To tell those who asked,
 *   or to shut down, is all that is left (`repaired`, `repaired-by-shutdown`).
 */
export default defineModel({
  name: 'block-device-source',
  about: 'A block device reports an error upwards: does it reach the right file system, and what can that do about it?',
  sources: ['S000-25', 'S000-31', 'S004-01', 'S004-23', 'KB-33'],
  options,
  variants: {
    V1: {
      about: '->block_lost and ->storage_lost: pointers all the way, and no word about which device it is.',
      option: { finds: 'bySuperDevice', pinsDisk: false, pinsSuper: 'nothing', says: 'nothing' },
      expect: { ...freed, ...late },
    },
    V2: {
      about: '->corrupted_range: get_active_super() keeps the file system. Nothing keeps the disk.',
      option: { finds: 'bySuperDevice', pinsDisk: false, pinsSuper: 'active' },
      expect: freed,
    },
    'V2-disk-pinned': {
      about: 'The same with a reference to the disk: for the data device this is safe.',
      option: { finds: 'bySuperDevice', pinsSuper: 'active' },
    },
    'V2-realtime': {
      about: 'The same from the realtime device: no super block has its number.',
      option: { finds: 'bySuperDevice', pinsSuper: 'active', device: 'realtime' },
      expect: { ...unfound, ...unheard },
    },
    'V2-log': {
      about: 'The same from the external log.',
      option: { finds: 'bySuperDevice', pinsSuper: 'active', device: 'log' },
      expect: unfound,
    },
    'disk-unpinned': {
      about: 'All repaired, but nothing keeps the disk.',
      option: { pinsDisk: false },
      expect: freed,
    },
    'super-unpinned': {
      about: 'All repaired, but nothing keeps the file system.',
      option: { pinsSuper: 'nothing' },
      expect: late,
    },
    'realtime-unnamed': {
      about: 'All repaired, but the report does not say which device it is about: realtime is taken for data.',
      option: { device: 'realtime', says: 'nothing' },
      expect: { [ownDevice.name]: 'violated', [earlyTold.name]: 'violated' },
    },
    'action-required': {
      about: 'Only who has consumed the error is told: nobody has.',
      option: { action: 'required' },
      expect: { [earlyTold.name]: 'violated', ...unheard },
    },
    'dax-action-required': {
      about: 'The same of DAX: the task that maps the page has consumed it.',
      option: { action: 'required', source: 'dax' },
    },
    'repaired-by-shutdown': {
      about: 'Nobody is told, and the file system shuts down.',
      option: { action: 'shutdown' },
    },
    repaired: {
      about: 'Found by the holder, asked again under s_umount, with the disk kept; whoever asked is told.',
    },
    'repaired-by-reference': {
      about: 'Found by the holder, and kept active by a reference.',
      option: { pinsSuper: 'active' },
    },
    'repaired-realtime': {
      about: 'The same from the realtime device.',
      option: { device: 'realtime' },
    },
    'repaired-log': {
      about: 'The same from the external log: shut down.',
      option: { device: 'log' },
    },
  },
  build: (option) =>
    compose(
      {
        climb: start(climbMachine, { pinsDisk: option.pinsDisk, pinsSuper: option.pinsSuper }),
        filesystem: start(upperMachine, {
          device: option.device === 'log' && option.says === 'device' ? 'log' : 'data',
          ignoresLog: false,
          unneeded: 'goOn',
          deadDisk: 'shutsDown',
          onData: option.action === 'shutdown' ? 'shutDown' : 'tell',
        }),
        umount: start(umountMachine, { putsFirst: false, closes: 'afterwards' }),
        gendisk: start(gendiskMachine, { asks: 'bornAndActive', pgmapRef: 'own', findsDisk: 'byPointer' }),
        s_umount: start(rwsemMachine),
        disk: start(diskMachine),
        // Those who use the disk, and those who keep the file system.
        users: replicate(referenceMachine, 2),
        superblock: start(superblockMachine, { mounted: true }),
        // One task, which wants to be told early, has its page on the device that reports; the other's is data.
        client: replicate(clientMachine, 2, (task) => ({ page: { device: task, block: 0 } })),
      },
      {
        wires: {
          climb: {
            'reference.taken': ({ of }) => usersOf(of),
            'reference.dropped': ({ of }) => usersOf(of),
            'failure.notified': 'filesystem',
            ...lockWires('s_umount'),
          },
          filesystem: {
            'failure.handled': 'climb',
            'page.unmapped': () => found(option),
            'task.signalled': () => (option.action === 'required' && option.source === 'block' ? [] : found(option)),
            'filesystem.shut': 'superblock',
          },
          umount: diskUmountWires,
          gendisk: gendiskWires,
        },
        spontaneous: {
          climb: [
            { type: 'error.reported', environment: true },
            { type: 'disk.read', read: ({ disk }) => ({ attached: disk.context.isAttached }) },
            { type: 'operation.called', read: ({ gendisk }) => ({ freed: gendisk.hasTag('removed') }) },
            {
              type: 'super.read',
              read: ({ superblock, umount }) => ({
                found:
                  (option.finds === 'byHolder' || option.device === 'data') &&
                  // An umount begins when the last reference that keeps the file system active has gone.
                  (option.pinsSuper === 'active'
                    ? umount.hasTag('mounted') && umount.hasTag('rest')
                    : option.pinsSuper === 'locked'
                      ? !superblock.hasTag('freed')
                      : superblock.hasTag('active')),
              }),
            },
            'superblock.locked',
            { type: 'flag.read', read: ({ superblock }) => ({ active: superblock.hasTag('active') }) },
            'filesystem.called',
          ],
          filesystem: [
            { type: 'range.located', oneOf: [{ own: true, means: 'failed' }] },
            'owners.found',
            'shutdown.decided',
          ],
          umount: diskUmountSteps({
            // Who keeps the file system active keeps it mounted: it is taken apart by whoever lets go of it last.
            'umount.requested': ({ users }) => option.pinsSuper !== 'active' || users[1]!.context.count === 0,
            // Who keeps no more than the memory of the super block keeps that.
            'mount.freed': ({ users }) => users[1]!.context.count === 0,
          }),
          gendisk: gendiskSteps({ 'queue.drained': ({ users }) => users[0]!.context.count === 0 }),
        },
        properties: [
          noFreedDisk,
          noLateCall,
          noFreedSuper,
          toldIsUnmounted,
          reportOutcome,
          ...(option.device === 'log' ? [] : [ownDevice, earlyTold]),
          ...(option.device === 'log' || option.action === 'shutdown' ? [] : [clientHears]),
        ],
      },
    ),
});

const usersOf = (of: 'disk' | 'super' | 'none') => (of === 'none' ? [] : [['users', of === 'disk' ? 0 : 1] as const]);

/** The task to whose page the reverse map leads: that of the device, or, where none is named, of the data device. */
const found = ({ device, says }: Option) => [['client', device === 'data' || says === 'device' ? 0 : 1] as const];
