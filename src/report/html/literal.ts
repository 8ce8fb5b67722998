/**
 * Where things stand in an object literal of JavaScript or TypeScript: just enough of a parser to find the lines of a
 * statechart in its file. It never fails; what it does not understand it has no line for.
 */
export interface Literal {
  /** Where it begins, in characters. */
  readonly at: number;
  /** The members of an object by name, of an array by index. */
  readonly members: ReadonlyMap<string, Literal>;
  /** Of a string alone: what it says. */
  readonly text?: string;
}

/** The literal that begins at this character, or soon after it. */
export function literalAt(source: string, at: number): Literal {
  return new Scanner(source, at).value();
}

/** Where the piece of code ends that begins here: at the next comma, or at a bracket that closes what is around it. */
export function endOf(source: string, at: number): number {
  const scanner = new Scanner(source, at);
  scanner.skip();
  return scanner.at;
}

/** Brackets and strings nest so deep at most; beyond, a file is not read. */
const DEEPEST = 200;

class Scanner {
  at: number;
  readonly #source: string;
  #depth = 0;

  constructor(source: string, at: number) {
    this.#source = source;
    this.at = at;
  }

  /** Reads a value, and whatever else stands before the next comma. */
  value(): Literal {
    this.#blank();
    const at = this.at;
    const members = new Map<string, Literal>();
    const first = this.#source[at];
    if (++this.#depth < DEEPEST) {
      if (first === '{') this.#object(members);
      else if (first === '[') this.#array(members);
    }
    this.#depth--;
    const text = first === "'" || first === '"' ? this.#quoted() : undefined;
    this.skip();
    return { at, members, ...(text !== undefined && { text }) };
  }

  /** Goes on to the next comma, or to the bracket that closes what is around. */
  skip(): void {
    for (let open = 0; this.at < this.#source.length; ) {
      const char = this.#source[this.at]!;
      if (open === 0 && /[,;)\]}]/.test(char)) return;
      if (/[([{]/.test(char)) open++;
      if (/[)\]}]/.test(char)) open--;
      if (!this.#comment() && !this.#string() && !this.#pattern()) this.at++;
    }
  }

  #object(members: Map<string, Literal>): void {
    this.at++;
    for (let name = this.#key(); name !== undefined; name = this.#key()) {
      const at = this.at;
      const char = this.#source[this.at];
      if (char === ':') this.at++;
      // a shorthand, a method, a spread: there, and nothing is known of what is in it
      const value = char === ':' ? this.value() : { at, members: new Map() };
      if (char !== ':') this.skip();
      members.set(name, value);
      if (!this.#comma()) break;
    }
    this.#close('}');
  }

  #array(members: Map<string, Literal>): void {
    this.at++;
    for (let index = 0; ; index++) {
      this.#blank();
      if (this.at >= this.#source.length || this.#source[this.at] === ']') break;
      members.set(String(index), this.value());
      if (!this.#comma()) break;
    }
    this.#close(']');
  }

  #comma(): boolean {
    this.#blank();
    const isThere = this.#source[this.at] === ',';
    if (isThere) this.at++;
    return isThere;
  }

  #close(bracket: string): void {
    this.#blank();
    if (this.#source[this.at] === bracket) this.at++;
  }

  /** The name of a member; `...` for one that has none that could be read; nothing where the object ends. */
  #key(): string | undefined {
    this.#blank();
    const char = this.#source[this.at];
    if (char === undefined || char === '}') return undefined;
    if (char === "'" || char === '"') {
      const name = this.#quoted();
      this.#blank();
      return name;
    }
    const [name] = /^[\p{ID_Continue}$]+/u.exec(this.#source.slice(this.at, this.at + 200)) ?? [];
    if (name === undefined) return '...';
    this.at += name.length;
    this.#blank();
    return name;
  }

  /** Blanks and comments. */
  #blank(): void {
    while (this.at < this.#source.length) {
      if (/\s/.test(this.#source[this.at]!)) this.at++;
      else if (!this.#comment()) return;
    }
  }

  #comment(): boolean {
    const two = this.#source.slice(this.at, this.at + 2);
    if (two !== '//' && two !== '/*') return false;
    const end = this.#source.indexOf(two === '//' ? '\n' : '*/', this.at + 2);
    this.at = end === -1 ? this.#source.length : end + (two === '//' ? 1 : 2);
    return true;
  }

  #string(): boolean {
    const quote = this.#source[this.at];
    if (quote !== "'" && quote !== '"' && quote !== '`') return false;
    this.at++;
    while (this.at < this.#source.length && this.#source[this.at] !== quote) {
      if (quote === '`' && this.#source.startsWith('${', this.at)) {
        this.at += 2;
        this.skip();
      }
      this.at += this.#source[this.at] === '\\' ? 2 : 1;
    }
    this.at++;
    return true;
  }

  /** What a plain string says, without its quotes. */
  #quoted(): string {
    const from = this.at + 1;
    this.#string();
    return this.#source.slice(from, this.at - 1).replace(/\\(.)/g, '$1');
  }

  /** A regular expression: a slash where no value can stand before it. */
  #pattern(): boolean {
    if (this.#source[this.at] !== '/') return false;
    const before =
      this.#source
        .slice(Math.max(0, this.at - 20), this.at)
        .trimEnd()
        .at(-1) ?? '(';
    if (!/[(,=:[!&|?{};>]/.test(before)) return false;
    let isInClass = false;
    for (let at = this.at + 1; at < this.#source.length; at++) {
      const char = this.#source[at];
      if (char === '\n') return false;
      if (char === '\\') at++;
      else if (char === '[') isInClass = true;
      else if (char === ']') isInClass = false;
      else if (char === '/' && !isInClass) {
        this.at = at + 1;
        return true;
      }
    }
    return false;
  }
}
