import type { Disk } from '../../src/checkpoint/format.ts';

/** The one folder there is. */
export const folder = 'folder';

/** The process is gone, or the machine. */
export class Crash extends Error {}

/** An operation has failed, and the next one will not. */
export class Hiccup extends Error {}

interface Inode {
  /** What whoever reads it now would see. */
  seen: Buffer;
  /** What is there after the machine has died. */
  kept: Buffer;
}

/**
 * A disk in memory that dies at its n-th operation, in the middle of it where it is a write. What was not forced to it may
 * then be there or not, and so may half of it.
 */
export class MortalDisk {
  #seen = new Map<string, Inode>();
  #kept = new Map<string, Inode>();
  readonly #open: { path: string; inode: Inode | undefined; at: number }[] = [];
  #operations = 0;
  readonly #last: number;
  readonly #failing: number;

  /**
   * @param last the operation at which it dies
   * @param failing the operation that fails
   */
  constructor(last = Number.POSITIVE_INFINITY, failing = 0) {
    this.#last = last;
    this.#failing = failing;
  }

  get operations(): number {
    return this.#operations;
  }

  /** The disk of the machine after it has been started again; `chance` says what of all that was pending is there. */
  revived(chance: () => number): MortalDisk {
    const disk = new MortalDisk();
    for (const path of new Set([...this.#seen.keys(), ...this.#kept.keys()])) {
      const inode = (chance() < 0.5 ? this.#seen : this.#kept).get(path);
      if (inode === undefined) continue;
      const { seen, kept } = inode;
      const data = chance() < 0.3 ? kept : seen.subarray(0, Math.floor(chance() * (seen.length + 1)));
      disk.#seen.set(path, { seen: seen.equals(kept) ? seen : data, kept: data });
    }
    disk.#kept = new Map(disk.#seen);
    return disk;
  }

  /** A process has been killed: what it did is there, with half of what it was about to do. */
  survived(): MortalDisk {
    const disk = new MortalDisk();
    for (const [path, { seen }] of this.#seen) disk.#seen.set(path, { seen, kept: seen });
    disk.#kept = new Map(disk.#seen);
    return disk;
  }

  get disk(): Disk {
    const operation = (): boolean => {
      if (this.#operations >= this.#last) throw new Crash();
      if (++this.#operations === this.#failing) throw new Hiccup();
      return this.#operations === this.#last;
    };
    const step = (): void => {
      if (operation()) throw new Crash();
    };
    const all = {
      openSync: (path: string, flags: string) => {
        step();
        let inode = this.#seen.get(path);
        if (flags === 'w') {
          inode = { seen: Buffer.alloc(0), kept: Buffer.alloc(0) };
          this.#seen.set(path, inode);
        } else if (inode === undefined && path !== folder) throw new Error(`ENOENT: ${path}`);
        return this.#open.push({ path, inode, at: 0 }) - 1;
      },
      writeSync: (file: number, data: Uint8Array, from: number, length: number) => {
        const isLast = operation();
        const { inode } = this.#open[file]!;
        // less than it was asked for, as write(2) may
        const taken = isLast ? length >> 1 : Math.max(1, length - (length > 10 ? 3 : 0));
        inode!.seen = Buffer.concat([inode!.seen, data.subarray(from, from + taken)]);
        if (isLast) throw new Crash();
        return taken;
      },
      readSync: (file: number, data: Uint8Array, into: number, length: number, from: number) => {
        const { seen } = this.#open[file]!.inode!;
        return seen.copy(data, into, from, from + Math.max(1, length - (length > 10 ? 3 : 0)));
      },
      fstatSync: (file: number) => ({ size: this.#open[file]!.inode!.seen.length }),
      fsyncSync: (file: number) => {
        step();
        const { inode } = this.#open[file]!;
        if (inode) inode.kept = inode.seen;
        else this.#kept = new Map(this.#seen);
      },
      closeSync: () => {},
      renameSync: (from: string, to: string) => {
        step();
        const inode = this.#seen.get(from)!;
        this.#seen = new Map([...this.#seen].filter(([path]) => path !== from)).set(to, inode);
      },
      rmSync: (path: string) => {
        step();
        this.#seen.delete(path);
      },
      mkdirSync: () => undefined,
    };
    return all as unknown as Disk;
  }
}
