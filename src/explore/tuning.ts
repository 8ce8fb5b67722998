/** Where one way of computing gives way to another. It makes a difference to speed and memory alone. */
export interface Tuning {
  /** States after which the state vector is divided. */
  readonly divideAt: number;
  /** States after which it must have paid. */
  readonly mustPayAt: number;
  /** How many halves there may then be for each state. */
  readonly mostHalves: number;
  /** Cells of a joint's table that are always worth their memory. */
  readonly smallTable: number;
  /** Bytes of a store's matrix of bits that are always worth it. */
  readonly smallMatrix: number;
  /** States that are expanded between two moments at which a search can be kept, at least. */
  readonly part: number;
  /** States after which other threads may go on with a search in halves; none may where it is infinite. */
  readonly shareAt: number;
  /** States that threads share out before they agree on what is new. */
  readonly round: number;
}

export const defaultTuning: Tuning = {
  divideAt: 2 ** 14,
  mustPayAt: 2 ** 18,
  mostHalves: 0.5,
  smallTable: 2 ** 16,
  smallMatrix: 2 ** 27,
  part: 512,
  shareAt: Number.POSITIVE_INFINITY,
  round: 2 ** 18,
};
