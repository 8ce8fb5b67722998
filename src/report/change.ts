import type { Message } from '../explore/model.ts';
import type { ActorView } from '../explore/verdict.ts';
import { data, keyText, messageText, safe } from './text.ts';

/** What a step did to one actor: one line for each thing that is not as it was, and nothing else. */
export function changes(before: ActorView, after: ActorView): string[] {
  return [
    ...valueChanges(before, after),
    ...fieldChanges('', before.context, after.context),
    ...armedChanges(before.armed, after.armed),
    ...mailChanges(before.mailbox, after.mailbox),
  ];
}

/** An XState value: `idle`, `busy.writing`, or the regions of a parallel state. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return safe(value);
  if (!isRecord(value)) return data(value);
  const regions = Object.entries(value);
  if (regions.length === 1) return `${safe(regions[0]![0])}.${valueText(regions[0]![1])}`;
  return `{${regions.map(([region, inner]) => `${safe(region)}: ${valueText(inner)}`).join(', ')}}`;
}

/** XState calls a delay `xstate.after.1000.machine.state`: a reader wants the 1000. */
export function delayText(name: string): string {
  const delay = /^xstate\.after\.([^.]+)\./.exec(name)?.[1];
  return delay === undefined ? safe(name) : `after ${safe(delay)}`;
}

function valueChanges(before: ActorView, after: ActorView): string[] {
  const lines = regionChanges('', before.value, after.value);
  if (before.done === after.done) return lines;
  return lines.length === 1 ? [`${lines[0]} (final)`] : [...lines, 'final'];
}

/** Of a parallel state only the regions that moved: `media clean -> reported`. */
function regionChanges(path: string, before: unknown, after: unknown): string[] {
  if (same(before, after)) return [];
  const isParallel = isRecord(before) && isRecord(after) && Object.keys(before).length > 1;
  if (!isParallel) return [`${path}${valueText(before)} -> ${valueText(after)}`];
  return Object.keys(before).flatMap((region) =>
    regionChanges(`${path}${safe(region)} `, member(before, region), member(after, region)),
  );
}

/** How long a list may be to be shown whole, before and after, where its length has changed. */
const SHORT_LIST = 60;

/** Only the fields that differ, however deep: `jobs[0].owner 1 -> 2`. */
function fieldChanges(path: string, before: unknown, after: unknown): string[] {
  if (same(before, after)) return [];
  const whole = `${path === '' ? '' : `${path} `}${data(before)} -> ${data(after)}`;
  if (Array.isArray(before) && Array.isArray(after)) {
    if (before.length !== after.length && whole.length <= SHORT_LIST) return [whole];
    const longest = before.length > after.length ? before : after;
    return longest.flatMap((_, i) => memberChanges(`${path}[${i}]`, before, after, i));
  }
  if (isRecord(before) && isRecord(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    const prefix = path === '' ? '' : `${path}.`;
    return [...keys].flatMap((key) => memberChanges(prefix + keyText(key), before, after, key));
  }
  return [whole];
}

/** A member may be missing on one side, which is not the same as being undefined. */
function memberChanges(path: string, before: object, after: object, key: string | number): string[] {
  if (!Object.hasOwn(before, key)) return [`${path} (absent) -> ${data(member(after, key))}`];
  if (!Object.hasOwn(after, key)) return [`${path} ${data(member(before, key))} -> (absent)`];
  return fieldChanges(path, member(before, key), member(after, key));
}

const member = (whole: object, key: string | number): unknown => (whole as Record<string | number, unknown>)[key];

const isRecord = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const same = (before: unknown, after: unknown): boolean => data(before) === data(after);

function armedChanges(before: readonly string[], after: readonly string[]): string[] {
  return [
    ...without(after, before).map((delay) => `${delayText(delay)} armed`),
    ...without(before, after).map((delay) => `${delayText(delay)} disarmed`),
  ];
}

function mailChanges(before: readonly Message[], after: readonly Message[]): string[] {
  const [old, now] = [before.map(messageText), after.map(messageText)];
  const lines = [
    ...without(old, now).map((message) => `mail - ${message}`),
    ...without(now, old).map((message) => `mail + ${message}`),
  ];
  const isMoved = lines.length === 0 && old.some((message, i) => message !== now[i]);
  return isMoved ? [`mail: ${now.join(', ')}`] : lines;
}

/** What is in `list` more often than in `other`, in order. */
function without(list: readonly string[], other: readonly string[]): string[] {
  const left = [...other];
  return list.filter((item) => {
    const at = left.indexOf(item);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
