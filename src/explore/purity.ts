import { type Located, SpecError } from './spec-error.ts';

/**
 * Every answer that the explorer remembers was given twice, under trapped clocks and random sources, and was the same
 * both times. This is the condition under which remembering is sound: an answer depends on what was asked and on
 * nothing else.
 *
 * What it cannot see is state hidden in a module that changes neither of two consecutive answers, and a clock that it
 * does not trap (`Intl`, `process.uptime()`, a `Date` that a module has put aside) and that does not move between them.
 */

/** One evaluation: what the named functions on the way returned, and the clock that was read, if one was. */
interface Account {
  readonly log: (readonly [name: string, result: string])[];
  /** Named functions that have been entered and not left, innermost last. */
  readonly inside: string[];
  impure?: { readonly culprit: string | undefined; readonly source: string };
}

let account: Account | undefined;

/** Wraps a named guard, action or predicate of the specification, so that a difference can be blamed on it. */
export function named<A extends unknown[], R>(name: string, run: (...args: A) => R, tell: (result: R) => string) {
  return (...args: A): R => {
    account?.inside.push(name);
    const result = run(...args);
    // not in a finally: where it throws, the innermost name that is left standing is the culprit
    account?.inside.pop();
    account?.log.push([name, tell(result)]);
    return result;
  };
}

/**
 * Evaluates twice and compares. The second time all data should come with its keys the other way round and with equal
 * objects made one (`again`), since two states that differ in nothing else are one.
 *
 * @param where what is evaluated, for the error: actor, state, message
 * @param evaluate must not keep anything; called twice
 * @param tell the comparable form of a result
 * @returns the first result
 * @throws SpecError where the two differ, where a clock or a random source is read, or where the specification throws
 */
export function twice<R>(where: string, evaluate: (again: boolean) => R, tell: (result: R) => string): R {
  const first = trapped(where, () => evaluate(false));
  const second = trapped(where, () => evaluate(true));
  const differs = second.log.findIndex(([name, result], i) => first.log[i]?.[0] !== name || first.log[i][1] !== result);
  if (differs === -1 && first.log.length === second.log.length && tell(first.result) === tell(second.result)) {
    return first.result;
  }
  throw impure(
    second.log[differs]?.[0],
    where,
    `${fickleness}, the second time with all keys the other way round and equal objects one`,
  );
}

/**
 * As {@link twice}, for a predicate.
 *
 * @throws SpecError where it answers neither true nor false: a promise is always true, and a forgotten `return` false
 */
export function decide(where: string, predicate: (again: boolean) => unknown): boolean {
  const answer = twice(where, predicate, (each) => (typeof each === 'boolean' ? String(each) : typeof each));
  if (typeof answer === 'boolean') return answer;
  throw new SpecError('a predicate answers neither true nor false', {
    code: 'E-PREDICATE',
    where,
    why: `it answers ${answer instanceof Promise ? 'a promise' : `with the type ${typeof answer}`}`,
    instead: 'true or false: a comparison, hasTag(), and what is made of these',
  });
}

const fickleness = 'it answered differently when it was asked twice';

/** For where a question that was asked at first was asked again at last, and not answered alike. */
export const changed = (where: string): SpecError =>
  impure(undefined, where, 'asked once more after the search, it answered differently');

/** For where the same question came up twice within one evaluation and was not answered alike. */
export function fickle(where: string): SpecError {
  const log = account?.log ?? [];
  const culprit = log.find(([name, result]) => log.some(([other, another]) => other === name && another !== result));
  return impure(culprit?.[0], where, fickleness);
}

interface Told<R> {
  readonly result: R;
  readonly log: Account['log'];
}

/**
 * Evaluates with clocks and random sources out of reach. For each evaluation they are put there anew: one may have put something else
 * in their place.
 */
function trapped<R>(where: string, evaluate: () => R): Told<R> {
  const outer = account;
  const mine: Account = { log: [], inside: [] };
  account = mine;
  const release = outer === undefined ? setTraps() : () => {};
  let result: R;
  try {
    result = evaluate();
  } catch (error) {
    // released before the error is explained: explaining may need a clock
    release();
    throw mine.impure ? impureRead(mine.impure, where) : explain(error, where, mine.inside.at(-1));
  } finally {
    release();
    account = outer;
  }
  // also where the specification has caught what the trap threw
  if (mine.impure) throw impureRead(mine.impure, where);
  return { result, log: mine.log };
}

/** Something that is not to be had was asked for; whoever evaluates knows where. */
export class Misread extends Error {
  readonly told: Omit<Located, 'where'>;

  constructor(headline: string, told: Omit<Located, 'where'>) {
    super(headline);
    this.told = told;
  }
}

/** An error of the specification, located; our own errors (SpecError) pass as they are. */
function explain(error: unknown, where: string, inside: string | undefined): unknown {
  if (error instanceof SpecError) return error;
  if (error instanceof Misread) return new SpecError(error.message, { where, ...error.told }, { cause: error });
  const message = error instanceof Error ? error.message : String(error);
  const endless = /Infinite loop detected.*more than (\d+)/.exec(message);
  if (endless) {
    return new SpecError('endless "always" or "raise"', {
      code: 'E-ENDLESS',
      where,
      why: `the machine did not come to rest within ${endless[1]} transitions of its own`,
      instead: 'a guard that becomes false on the way, or a spontaneous message for every turn of the loop',
    });
  }
  return new SpecError(
    `${inside ?? 'the specification'} threw an error`,
    {
      code: 'E-THROWS',
      where,
      why: message.split('\n').at(-1)!, // XState puts lines of its own before what a guard threw
      instead:
        'what returns for every context and message that it can meet; its inputs are frozen: build anew, do not change',
    },
    { cause: error },
  );
}

const impureRead = ({ culprit, source }: NonNullable<Account['impure']>, where: string): SpecError =>
  impure(culprit, where, `it reads ${source}`);

const impure = (culprit: string | undefined, where: string, why: string): SpecError =>
  new SpecError(`${culprit ?? 'a function without a name'} is impure`, {
    code: 'E-IMPURE',
    where,
    why: `${why}: its answer cannot be remembered, and a run with it cannot be repeated`,
    instead:
      'a function of its context and message alone, and not of the order of their keys; let a spontaneous message with ' +
      '"oneOf" bring a choice from outside',
  });

type Restore = () => void;

/** Replaces clocks and random sources by functions that throw; returns what puts them back. */
function setTraps(): Restore {
  const trap = (source: string) => () => {
    if (account) account.impure ??= { culprit: account.inside.at(-1), source };
    throw new Error(`${source} is not to be read here`);
  };
  const restores = [
    replace(globalThis, 'Date', trappedDate(trap)),
    replace(Math, 'random', trap('Math.random()')),
    replace(performance, 'now', trap('performance.now()')),
    replace(crypto, 'getRandomValues', trap('crypto.getRandomValues()')),
    replace(crypto, 'randomUUID', trap('crypto.randomUUID()')),
    replace(process, 'hrtime', Object.assign(trap('process.hrtime()'), { bigint: trap('process.hrtime.bigint()') })),
  ];
  let set = true;
  return () => {
    if (set) for (const restore of restores) restore();
    set = false;
  };
}

/** The present time is trapped; a date made of a number is data like any other. */
function trappedDate(trap: (source: string) => () => never): DateConstructor {
  return new Proxy(Date, {
    construct: (target, args: []) => (args.length === 0 ? trap('new Date()')() : Reflect.construct(target, args)),
    apply: trap('Date()'),
    get: (target, key) => (key === 'now' ? trap('Date.now()') : Reflect.get(target, key)),
  });
}

function replace(owner: object, key: string, value: unknown): Restore {
  const own = Object.getOwnPropertyDescriptor(owner, key);
  Object.defineProperty(owner, key, { value, configurable: true, writable: true });
  return () => {
    if (own) Object.defineProperty(owner, key, own);
    else Reflect.deleteProperty(owner, key);
  };
}
