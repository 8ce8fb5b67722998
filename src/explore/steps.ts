import { type Result, type Unhandled, Way } from './cascade.ts';
import { encode } from './encode.ts';
import { Learned, type Look, type Trace, type Vector } from './learned.ts';
import { type Entry, losable, type Mailbox, offered, without } from './mailbox.ts';
import type { MessageId } from './messages.ts';
import type { Message, SpontaneousRule } from './model.ts';
import type { Taken } from './property.ts';
import { decide, twice } from './purity.ts';
import { SpecError } from './spec-error.ts';
import type { Instance, Numbered } from './system.ts';
import type { Cause, StepLabel } from './verdict.ts';

/**
 * What one actor may do next, learned on first sight.
 *
 * A step reads a few slots and writes a few; what it does is remembered by what it read. The meaning is that of
 * docs/semantics.md, and `test/reference.ts` is the slow thing that it equals.
 */
export interface LearnedStep {
  readonly label: StepLabel;
  readonly environment: boolean;
  /**
   * What changes: slot, content, slot, content …; `null` where the step is a verdict. A negative content is ~ the number of
   * a change of the mailbox that has the slot. See {@link writeInto}.
   */
  readonly writes: readonly number[] | null;
  /** Why it is a verdict. */
  readonly unhandled: Unhandled | null;
  /** Every message taken, in order. */
  readonly taken: readonly Taken[];
}

/** One thing that may make an actor move: a spontaneous message, its mailbox, its delays. */
export interface Source {
  /** Whether it can move the actor in a local state at all; where not, `steps` must not be asked. */
  readonly matters: (local: number) => boolean;
  readonly steps: Pick<Learned<readonly LearnedStep[]>, 'at' | 'looks' | 'answers'>;
}

/** Does to a vector what a step writes. */
export function writeInto(system: Pick<Numbered, 'mailboxes'>, writes: readonly number[], vector: Uint32Array): void {
  for (let i = 0; i < writes.length; i += 2) {
    const slot = writes[i]!;
    const content = writes[i + 1]!;
    vector[slot] = content >= 0 ? content : system.mailboxes[slot]!.after(~content, vector[slot]!);
  }
}

/** Ways in which one step may go after which it is said to have too many: 14 sends that may be lost. */
const maxWays = 2 ** 14;

export function sourcesOf(system: Numbered, instance: Instance): Source[] {
  const { behaviour, mailbox, name, spontaneous } = instance;
  // one for each payload, as they may look at different peers
  const sources: Source[] = spontaneous.flatMap((rule) =>
    (rule.oneOf ?? [null]).map((payload) => ({
      matters: (local: number) => behaviour.hasTransition(local, rule.type),
      steps: new Learned(`spontaneous "${rule.type}" of ${name}`, (trace) =>
        spontaneousSteps(system, instance, rule, payload, trace),
      ),
    })),
  );
  if (mailbox) {
    sources.push({
      matters: (local) => !behaviour.locals.value(local).snapshot.tags.has('busy'),
      steps: isFifo(mailbox)
        ? new Learned(`mailbox of ${name}`, (trace) => firstMailSteps(system, instance, mailbox, trace))
        : new MailSteps(system, instance, mailbox),
    });
  }
  sources.push({
    matters: (local) => behaviour.locals.value(local).armed.size > 0,
    steps: new Learned(`delays of ${name}`, (trace) => delaySteps(system, instance, trace)),
  });
  if (mailbox && system.losesLater) {
    sources.push({
      matters: () => true,
      steps: new Learned(`losses of ${name}`, (trace) => lossSteps(instance, trace)),
    });
  }
  return sources;
}

function spontaneousSteps(
  system: Numbered,
  instance: Instance,
  rule: SpontaneousRule,
  chosen: object | null,
  trace: Trace,
): LearnedStep[] {
  const { ref, behaviour, slot } = instance;
  const local = trace.read(slot);
  const where = `spontaneous "${rule.type}" of ${instance.name}`;
  const room = (again: boolean) => system.room(trace, 0, again) as never;
  const { when, read } = rule;
  if (when && !decide(`${where}, when`, (again) => when(room(again), ref.self))) return [];
  const payload = read
    ? twice(
        `${where}, read`,
        (again) => read(room(again), ref.self),
        (payload) => encode(payload, `${where}, read`),
      )
    : chosen;
  const message = system.messages.id({ ...payload, type: rule.type }, where);
  const row = behaviour.row(local, message);
  if (row === null) return [];
  return everyWay(system, instance, trace, 'spontaneous', message, rule.environment === true, (way) =>
    way.take(instance, message, row),
  );
}

const isFifo = ({ rules }: Mailbox): boolean => (rules.order ?? 'fifo') === 'fifo';

/** Of a `fifo` mailbox only the first message is read. */
function firstMailSteps(system: Numbered, instance: Instance, mailbox: Mailbox, trace: Trace): LearnedStep[] {
  const first = trace.read(mailbox.slot, mailbox.first);
  return first === 0 ? [] : stepsOfMail(system, instance, mailbox, mailbox.entry(first), 0, trace);
}

/**
 * What a mailbox makes an actor do that offers several messages at once: what each of them does at its place, one after the
 * other. To know which are offered takes the whole content, but what one does is learned once for all contents that
 * have it in that place.
 */
class MailSteps implements Pick<Learned<readonly LearnedStep[]>, 'at' | 'looks' | 'answers'> {
  readonly #system: Numbered;
  readonly #instance: Instance;
  readonly #mailbox: Mailbox;
  readonly #learned = new Map<string, Learned<readonly LearnedStep[]>>();
  /** By content, what each of the messages that it offers does. */
  readonly #offered: (readonly Learned<readonly LearnedStep[]>[])[] = [];
  readonly #content: Look;

  constructor(system: Numbered, instance: Instance, mailbox: Mailbox) {
    this.#system = system;
    this.#instance = instance;
    this.#mailbox = mailbox;
    this.#content = { slot: mailbox.slot, projection: null };
  }

  at(vector: Vector): readonly LearnedStep[] {
    const learned = this.#at(vector);
    return learned.length === 1 ? learned[0]!.at(vector) : learned.flatMap((each) => each.at(vector));
  }

  looks(vector: Vector): readonly Look[] {
    return [this.#content, ...this.#at(vector).flatMap((each) => each.looks(vector))];
  }

  *answers(): Generator<readonly LearnedStep[], undefined> {
    for (const learned of this.#learned.values()) yield* learned.answers();
  }

  #at(vector: Vector): readonly Learned<readonly LearnedStep[]>[] {
    const content = vector[this.#mailbox.slot]!;
    this.#offered[content] ??= this.#offeredBy(content);
    return this.#offered[content];
  }

  #offeredBy(content: number): Learned<readonly LearnedStep[]>[] {
    const mail = this.#mailbox.contents.value(content);
    return offered(mail, this.#mailbox.rules.order).map((place) => this.#of(mail[place]!, place));
  }

  #of(entry: Entry, place: number): Learned<readonly LearnedStep[]> {
    const code = `${place} ${entry.code}`;
    const known = this.#learned.get(code);
    if (known) return known;
    const learned = new Learned(`mailbox of ${this.#instance.name}`, (trace) =>
      stepsOfMail(this.#system, this.#instance, this.#mailbox, entry, place, trace),
    );
    this.#learned.set(code, learned);
    return learned;
  }
}

/** What the actor does with a message of its mailbox, wherever that is offered at this place. */
function stepsOfMail(
  system: Numbered,
  instance: Instance,
  mailbox: Mailbox,
  entry: Entry,
  position: number,
  trace: Trace,
): LearnedStep[] {
  const message = system.messages.id(entry.message, 'mailbox');
  const row = instance.behaviour.row(trace.read(instance.slot), message);
  const isPerSender = mailbox.rules.order === 'perSender';
  const place = { ...(isPerSender && { from: system.instances[entry.from]!.ref }), position };
  if (row === null) {
    const unhandled: Unhandled = { who: instance.ref, message: entry.message, why: 'not taken' };
    const label: StepLabel = { ...instance.ref, cause: 'mailbox', message: entry.message, ...place, outcomes: [] };
    return [{ label, environment: false, writes: null, unhandled, taken: [] }];
  }
  const take = (way: Way): Result => {
    const leaves =
      entry.whenTaken === 'leaves' || (entry.whenTaken === 'may stay' && way.choose(['leaves', 'stays']) === 'leaves');
    if (leaves) way.write(mailbox.slot, ~mailbox.followedBy(0, { remove: position }));
    return way.take(instance, message, row);
  };
  return everyWay(system, instance, trace, 'mailbox', message, false, take, place);
}

function delaySteps(system: Numbered, instance: Instance, trace: Trace): LearnedStep[] {
  const local = trace.read(instance.slot);
  const armed = [...instance.behaviour.locals.value(local).armed];
  return armed.flatMap(([id, message], position) =>
    everyWay(
      system,
      instance,
      trace,
      'delay',
      message,
      false,
      (way) => {
        const { spent, row } = instance.behaviour.fire(local, id);
        if (row !== null) return way.take(instance, message, row);
        way.write(instance.slot, spent);
        return 'done';
      },
      { position },
    ),
  );
}

function lossSteps({ ref, mailbox }: Instance, trace: Trace): LearnedStep[] {
  const { slot, rules, contents } = mailbox!;
  const mail = contents.value(trace.read(slot));
  return losable(mail, rules.order).map((position) => ({
    label: { ...ref, cause: 'loss', message: mail[position]!.message, position, outcomes: [] },
    environment: true,
    writes: [slot, mailbox!.id(without(mail, position))],
    unhandled: null,
    taken: [],
  }));
}

/** Runs a step once for every combination of outcomes that it meets on its way, the first ones first. */
function everyWay(
  system: Numbered,
  instance: Instance,
  trace: Trace,
  cause: Cause,
  message: MessageId,
  environment: boolean,
  run: (way: Way) => Result,
  place: Pick<StepLabel, 'from' | 'position'> = {},
): LearnedStep[] {
  const steps: LearnedStep[] = [];
  let script: number[] | null = [];
  for (let ways = 1; script !== null; ways++) {
    if (ways > maxWays) throw tooManyWays(instance, system.messages.value(message));
    const way = new Way(system, trace, script);
    const result = run(way);
    const label: StepLabel = {
      ...instance.ref,
      cause,
      message: system.messages.value(message),
      ...place,
      outcomes: way.outcomes,
    };
    if (result === 'done') {
      steps.push({ label, environment, writes: way.writes(), unhandled: null, taken: way.taken });
      way.markCovered();
    } else if (result !== 'refused') {
      steps.push({ label, environment, writes: null, unhandled: result, taken: way.taken });
    }
    script = way.nextScript();
  }
  return steps;
}

const tooManyWays = ({ name }: Instance, { type }: Message): SpecError =>
  new SpecError('a step with too many outcomes', {
    code: 'E-OUTCOMES',
    where: `the step that starts with ${type} of ${name}`,
    why: `it can go more than ${maxWays} ways; every send in it that may be lost or come twice multiplies them`,
    instead: "lose: 'later' or duplicate: 'later', which are steps of their own, or fewer such sends in one step",
  });
