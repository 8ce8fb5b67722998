/**
 * As much of Mermaid's grammars as the documents use, and no more: what is not of this form may mean something else than it
 * says. Written from the lexers of Mermaid 11, `sequenceDiagram.jison` and `stateDiagram.jison`.
 */

/** Text in a state diagram: without a colon, which begins a label, and never doubled brackets, which make a fork. */
const STATE_TEXT = /^(?:[\p{L}\p{N} _.,()=/+!?→-]|\[(?!\[)|\](?!\])|#\d+;|<br\/>)+$/u;
const SEQUENCE_TEXT = /^(?:[\p{L}\p{N} _.,()[\]{}:"=/+!?→-]|#\d+;|<br\/>)+$/u;

/** What the lexers take for a keyword where a name could stand, whatever its case. */
const SEQUENCE_WORDS =
  /^(?:box|participant|actor|create|destroy|as|loop|rect|opt|alt|else|par|par_over|and|critical|option|break|end|left|right|links?|properties|details|over|note|activate|deactivate|title|acctitle|accdescr|sequencediagram|autonumber|off)$/i;
const STATE_WORDS =
  /^(?:click|href|default|direction|acctitle|accdescr|classdef|class|style|scale|state|note|end|hide|statediagram|as)$/i;

const NAME = '[A-Za-z]\\w*';

/** What is not of the form, a sentence for each line. */
export function sequenceProblems(lines: readonly string[]): string[] {
  const declared = new Set<string>();
  const texts: string[] = [];
  const names: string[] = [];
  const [head, ...rest] = lines;
  const wrong = rest.filter((line) => {
    const participant = new RegExp(`^ {2}participant (${NAME})(?: as (.+))?$`).exec(line);
    const note = new RegExp(`^ {2}Note over (${NAME})(?:,(${NAME}))?: (.+)$`).exec(line);
    const arrow = new RegExp(`^ {2}(${NAME})(?:->>|-\\)|-x)(${NAME}): (?!(?:no)?wrap:)(.+)$`, 'i').exec(line);
    if (participant !== null) {
      const [, name = '', text] = participant;
      if (declared.has(name.toLowerCase()) || SEQUENCE_WORDS.test(name)) return true;
      declared.add(name.toLowerCase());
      if (text !== undefined) texts.push(text);
    } else if (note !== null) {
      names.push(note[1]!, note[2] ?? note[1]!);
      texts.push(note[3]!);
    } else if (arrow !== null) {
      names.push(arrow[1]!, arrow[2]!);
      texts.push(arrow[3]!);
    } else return true;
    return false;
  });
  return [
    ...(head === 'sequenceDiagram' ? [] : [`no diagram: ${head}`]),
    ...wrong.map((line) => `no line: ${line}`),
    ...names.filter((name) => !declared.has(name.toLowerCase())).map((name) => `nobody: ${name}`),
    ...texts.filter((text) => !SEQUENCE_TEXT.test(text)).map((text) => `no text: ${text}`),
  ];
}

/** The same of a state diagram: frames must be closed, and only in them may regions be parted. */
export function stateProblems(lines: readonly string[]): string[] {
  const declared = new Set<string>();
  const texts: string[] = [];
  const names: string[] = [];
  let open = 0;
  const declare = (name: string): boolean => {
    if (declared.has(name.toLowerCase()) || STATE_WORDS.test(name)) return true;
    declared.add(name.toLowerCase());
    return false;
  };
  const [head, ...rest] = lines;
  const wrong = rest.filter((full) => {
    const line = full.trim();
    const state = new RegExp(`^state "([^"]*)" as (${NAME})( \\{)?$`).exec(line);
    const arrow = new RegExp(`^(\\[\\*\\]|${NAME}) --> (\\[\\*\\]|${NAME})(?: : (.+))?$`).exec(line);
    const said = new RegExp(`^(?:note right of )?(${NAME}) : (.+)$`).exec(line);
    if (state !== null) {
      texts.push(state[1]!);
      if (state[3] !== undefined) open++;
      return declare(state[2]!);
    }
    if (new RegExp(`^${NAME}$`).test(line)) return declare(line);
    if (arrow !== null) {
      names.push(...[arrow[1]!, arrow[2]!].filter((name) => name !== '[*]'));
      if (arrow[3] !== undefined) texts.push(arrow[3]);
      return arrow[1] === '[*]' && arrow[2] === '[*]';
    }
    if (said !== null) {
      names.push(said[1]!);
      texts.push(said[2]!);
      return false;
    }
    if (line === '}') return --open < 0;
    return !(line === '--' && open > 0);
  });
  const words = /\b(?:direction|end)\b/i;
  return [
    ...(head === 'stateDiagram-v2' ? [] : [`no diagram: ${head}`]),
    ...wrong.map((line) => `no line: ${line}`),
    ...(open === 0 ? [] : ['a frame is not closed']),
    ...names.filter((name) => !declared.has(name.toLowerCase())).map((name) => `no state: ${name}`),
    ...texts.filter((text) => !STATE_TEXT.test(text) || words.test(text)).map((text) => `no text: ${text}`),
  ];
}

/** What is not of the form in the diagrams of a page. */
export function diagramProblems(page: string): string[] {
  return [...page.matchAll(/^```mermaid\n([\s\S]*?)\n```$/gm)].flatMap(([, text]) => {
    const lines = text!.split('\n');
    return lines[0] === 'sequenceDiagram' ? sequenceProblems(lines) : stateProblems(lines);
  });
}
