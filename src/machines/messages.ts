/**
 * Words that several machines share.
 *
 * A poison event is known by its number; in a world with two of them they are 0 and 1, and each lies in a block of its
 * own. The number is what an address is to the kernel: it comes with every call, so that answers find their way back.
 */

/** Which step of the protocol a transition stands for. */
export interface Meta {
  readonly step: string;
}

/** What holder_data may point at: the mount of the model, or somebody else's. */
export type Holder = 'mp' | 'other';

/** Input of a variable that a model may find set up: by a mount that is over before the model begins. */
export interface MountedAlready {
  readonly mounted: boolean;
}

/** Return codes, by the names that errno.h gives them. */
export type Code = 'ok' | 'EIO' | 'ENXIO' | 'EOPNOTSUPP' | 'EFSCORRUPTED' | 'EBUSY';

/** Stores to the two fields of a DAX device that make up a registration. */
export type DaxStore =
  | { type: 'data.stored'; holder: Holder | null }
  | { type: 'ops.stored'; set: boolean; by?: Holder };

/** A lock by its role; the model knows which actor plays it. */
export interface LockMessage<L extends string = 'mf_mutex' | 's_umount' | 'none'> {
  type: 'lock.taken' | 'lock.released';
  lock: L;
  /** Of an rwsem: taken for reading. */
  shared?: true;
}

/** What becomes of an event. */
type End = 'owned' | 'generic' | 'unowned' | 'queued' | 'recorded' | 'discarded';

/** What becomes of an event, told to its fate (`fate.ts`) by whoever decides it. */
export interface FateMessage<E extends End = End> {
  type: `event.${E}`;
  poison: number;
}

/** The answer of ->notify_failure(). `met`: an owner of the range was there to give it. */
export interface CallbackAnswer {
  type: 'failure.handled';
  poison: number;
  code: Code;
  met: boolean;
}

/** On whose account a file system is frozen, as FREEZE_HOLDER_KERNEL and FREEZE_HOLDER_USERSPACE say it. */
export type FreezeHolder = 'kernel' | 'user';

/** Who calls freeze_super(): the handler of an unplug, a user, or another part of the kernel. */
export type Freezer = 'handler' | 'user' | 'other';

/** The range of a call that is about a whole device and not about one poison event: (0, U64_MAX). */
export const wholeDevice = -1;
