import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Entry, entryOf, losable, type Mail, mailCode, offered, put, without } from '../../src/explore/mailbox.ts';
import type { MailboxRules, QueueRules } from '../../src/explore/model.ts';
import { tries } from './kit.ts';

/** Letters from a few senders, some of which may be lost or stay. */
const letter = fc.record({
  text: fc.constantFrom('a', 'b'),
  from: fc.nat({ max: 2 }),
  rules: fc.constantFrom<QueueRules>(
    {},
    {},
    { lose: 'later' },
    { duplicate: 'later' },
    { duplicate: 'forever' },
    { lose: true, duplicate: true },
  ),
});
const letters = fc.array(letter, { maxLength: 12 });
const capacity = fc.integer({ min: 1, max: 4 });

const entry = (
  { text, from, rules }: { text: string; from: number; rules: QueueRules },
  order: MailboxRules['order'],
): Entry => entryOf({ type: text }, from, order, rules);
const texts = (mail: Mail): string => mail.map(({ message }) => message.type).join('');

/** Puts in what there is room for; says what found the mailbox full. */
function posted(all: readonly Entry[], rules: MailboxRules): { mail: Mail; full: Entry[] } {
  let mail: Mail = [];
  const full: Entry[] = [];
  for (const each of all) {
    const next = put(mail, each, rules);
    if (next === 'full') full.push(each);
    else mail = next;
  }
  return { mail, full };
}

describe('fifo', () => {
  test('keeps the order of arrival up to its capacity, and not who sent', () => {
    fc.assert(
      fc.property(letters, capacity, (all, capacity) => {
        const entries = all.map((each) => entry(each, 'fifo'));
        const { mail } = posted(entries, { capacity, order: 'fifo' });
        expect(mail).toEqual(entries.slice(0, capacity));
        expect(mail.every(({ from }) => from === -1)).toBe(true);
      }),
      tries(300),
    );
  });

  test('is what a mailbox is that has no order', () => {
    fc.assert(
      fc.property(letters, capacity, (all, capacity) => {
        const entries = all.map((each) => entry(each, undefined));
        expect(posted(entries, { capacity }).mail).toEqual(posted(entries, { capacity, order: 'fifo' }).mail);
      }),
      tries(100),
    );
  });

  test('offers the first, and each taken makes way for the next', () => {
    let mail = posted(
      ['a', 'b', 'c'].map((text) => entry({ text, from: 0, rules: {} }, 'fifo')),
      { capacity: 3 },
    ).mail;
    let read = '';
    for (; mail.length > 0; mail = without(mail, offered(mail, 'fifo')[0]!)) {
      expect(offered(mail, 'fifo')).toEqual([0]);
      read += mail[0]!.message.type;
    }
    expect(read).toBe('abc');
    expect(offered(mail, 'fifo')).toEqual([]);
  });
});

describe('perSender', () => {
  test('keeps a sequence for each sender, with the capacity for each', () => {
    fc.assert(
      fc.property(letters, capacity, (all, capacity) => {
        const { mail } = posted(
          all.map((each) => entry(each, 'perSender')),
          { capacity, order: 'perSender' },
        );
        for (const sender of [0, 1, 2]) {
          const sent = all.filter(({ from }) => from === sender).slice(0, capacity);
          expect(texts(mail.filter(({ from }) => from === sender))).toBe(sent.map(({ text }) => text).join(''));
        }
      }),
      tries(300),
    );
  });

  test('forgets in which order different senders came', () => {
    fc.assert(
      fc.property(letters, (all) => {
        const rules = { capacity: 12, order: 'perSender' } as const;
        const entries = all.map((each) => entry(each, 'perSender'));
        // sorting is stable: what each sender sent stays in its order
        const another = entries.toSorted((one, other) => other.from - one.from);
        expect(posted(another, rules).mail).toEqual(posted(entries, rules).mail);
      }),
      tries(300),
    );
  });

  test('offers the first of each sender', () => {
    fc.assert(
      fc.property(letters, (all) => {
        const { mail } = posted(
          all.map((each) => entry(each, 'perSender')),
          { capacity: 4, order: 'perSender' },
        );
        const senders = new Set(mail.map(({ from }) => from));
        const places = offered(mail, 'perSender');
        expect(new Set(places.map((place) => mail[place]!.from))).toEqual(senders);
        expect(places).toEqual([...senders].map((sender) => mail.findIndex(({ from }) => from === sender)));
      }),
      tries(300),
    );
  });

  test('tells apart who sent the same', () => {
    const [one, other] = [0, 1].map((from) => entry({ text: 'a', from, rules: {} }, 'perSender'));
    expect(mailCode([one!])).not.toBe(mailCode([other!]));
    expect(mailCode([entryOf({ type: 'a' }, 0, 'fifo', {})])).toBe(mailCode([entryOf({ type: 'a' }, 1, 'fifo', {})]));
  });
});

describe('unordered', () => {
  const rules = (capacity: number): MailboxRules => ({ capacity, order: 'unordered' });

  test('forgets in which order anything came', () => {
    fc.assert(
      fc.property(letters, (all) => {
        const entries = all.map((each) => entry(each, 'unordered'));
        expect(mailCode(posted(entries, rules(12)).mail)).toBe(mailCode(posted(entries.toReversed(), rules(12)).mail));
      }),
      tries(300),
    );
  });

  test('keeps every copy of what leaves when it is taken', () => {
    fc.assert(
      fc.property(letters, capacity, (all, capacity) => {
        const entries = all
          .filter(({ rules }) => typeof rules.duplicate !== 'string')
          .map((each) => entry(each, 'unordered'));
        expect(texts(posted(entries, rules(capacity)).mail)).toHaveLength(Math.min(entries.length, capacity));
      }),
      tries(300),
    );
  });

  test('is a set of what may stay when it is taken, even where there is no room', () => {
    fc.assert(
      fc.property(letters, capacity, (all, capacity) => {
        const staying = all.map((each) => entry({ ...each, rules: { duplicate: 'forever' } }, 'unordered'));
        const { mail, full } = posted(staying, rules(capacity));
        expect(new Set(mail.map(({ code }) => code)).size).toBe(mail.length);
        // what is there already finds no mailbox full
        expect(full.every(({ code }) => mail.every((each) => each.code !== code))).toBe(true);
      }),
      tries(300),
    );
    const later = entry({ text: 'a', from: 0, rules: { duplicate: 'later' } }, 'unordered');
    const leaving = entry({ text: 'a', from: 0, rules: {} }, 'unordered');
    expect(put([later], later, rules(1))).toEqual([later]);
    expect(put([leaving], leaving, rules(2))).toHaveLength(2);
    expect(put([leaving], later, rules(1))).toBe('full');
  });

  test('offers every message once', () => {
    fc.assert(
      fc.property(letters, (all) => {
        const { mail } = posted(
          all.map((each) => entry(each, 'unordered')),
          rules(12),
        );
        const codes = offered(mail, 'unordered').map((place) => mail[place]!.code);
        expect(codes).toEqual([...new Set(mail.map(({ code }) => code))]);
      }),
      tries(300),
    );
  });
});

describe('every order', () => {
  const orders = fc.constantFrom<MailboxRules['order']>('fifo', 'perSender', 'unordered');

  test('lets be lost what may be lost, copies of one message once', () => {
    fc.assert(
      fc.property(letters, orders, (all, order = 'fifo') => {
        const { mail } = posted(
          all.map((each) => entry(each, order)),
          { capacity: 12, order },
        );
        const places = mail.flatMap(({ mayBeLost, code }, i) =>
          mayBeLost && (order !== 'unordered' || mail.findIndex((each) => each.code === code) === i) ? [i] : [],
        );
        expect(losable(mail, order)).toEqual(places);
      }),
      tries(300),
    );
  });

  test('keeps what may happen to a message with it', () => {
    const all: QueueRules[] = [
      {},
      { lose: 'later' },
      { duplicate: 'later' },
      { duplicate: 'forever' },
      { lose: 'later', duplicate: 'later' },
    ];
    const codes = all.map((rules) => entryOf({ type: 'a' }, 0, 'unordered', rules).code);
    expect(new Set(codes).size).toBe(all.length);
    // what the send has already gone through is over
    expect(entryOf({ type: 'a' }, 0, 'fifo', { lose: true, duplicate: true, full: 'drop' }).code).toBe(
      entryOf({ type: 'a' }, 0, 'fifo', {}).code,
    );
  });

  test('has one code for one content, and changes nothing that it was given', () => {
    fc.assert(
      fc.property(letters, letters, orders, (some, others, order = 'fifo') => {
        const mails = [some, others].map(
          (all) =>
            posted(
              all.map((each) => entry(each, order)),
              { capacity: 12, order },
            ).mail,
        );
        const told = mails.map((mail) => JSON.stringify(mail));
        expect(mailCode(mails[0]!) === mailCode(mails[1]!)).toBe(told[0] === told[1]);
        const frozen = Object.freeze([...mails[0]!]);
        expect(put(frozen, entry({ text: 'c', from: 1, rules: {} }, order), { capacity: 13, order })).toHaveLength(
          frozen.length + 1,
        );
        if (frozen.length > 0) expect(without(frozen, 0)).toEqual(frozen.slice(1));
      }),
      tries(300),
    );
  });
});
