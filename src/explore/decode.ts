import { canonical } from './encode.ts';

/**
 * The data of an encoding: `decode(encode(x))` is `canonical(x)`, whatever data x is.
 *
 * @throws Error where it is no encoding
 */
export function decode(code: string): unknown {
  const reader = new Reader(code);
  const value = reader.value();
  reader.end();
  return canonical(value);
}

const words: Readonly<Record<string, unknown>> = { undefined: undefined, null: null, true: true, false: false };

class Reader {
  readonly #code: string;
  #at = 0;

  constructor(code: string) {
    this.#code = code;
  }

  value(): unknown {
    switch (this.#code[this.#at]) {
      case '"':
        return this.#string();
      case '[':
        return this.#several('[', ']', () => this.value());
      case '{':
        return this.#object({});
      case '~':
        this.#expect('~');
        return this.#object(Object.create(null) as object);
      default:
        return this.#atom();
    }
  }

  end(): void {
    if (this.#at !== this.#code.length) throw this.#malformed();
  }

  #object(empty: object): object {
    this.#several('{', '}', () => {
      const key = this.#string();
      this.#expect(':');
      // defineProperty, since assigning to a key called __proto__ would set the prototype
      Object.defineProperty(empty, key, { value: this.value(), enumerable: true });
    });
    return empty;
  }

  #several<T>(open: string, close: string, one: () => T): T[] {
    const all: T[] = [];
    this.#expect(open);
    while (this.#code[this.#at] !== close) {
      if (all.length > 0) this.#expect(',');
      all.push(one());
    }
    this.#expect(close);
    return all;
  }

  #string(): string {
    return JSON.parse(this.#match(/"(?:[^"\\]|\\.)*"/y)) as string;
  }

  #atom(): unknown {
    const text = this.#match(/[a-zA-Z0-9.+-]+/y);
    if (Object.hasOwn(words, text)) return words[text];
    if (/^-?\d+n$/.test(text)) return BigInt(text.slice(0, -1));
    const number = Number(text);
    if (Number.isNaN(number) && text !== 'NaN') throw this.#malformed();
    return number;
  }

  #expect(text: string): void {
    if (!this.#code.startsWith(text, this.#at)) throw this.#malformed();
    this.#at += text.length;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [text] = pattern.exec(this.#code) ?? [];
    if (text === undefined) throw this.#malformed();
    this.#at += text.length;
    return text;
  }

  #malformed(): Error {
    return new Error(`no encoding, from character ${this.#at} on`);
  }
}
