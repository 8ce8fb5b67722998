import type { Command } from 'commander';
import { UsageError } from './usage-error.ts';

/** What is to be completed: read off the commands themselves, so that none is forgotten. */
interface Known {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly { readonly flag: string; readonly about: string; readonly takesValue: boolean }[];
}

const SCRIPTS: Readonly<Record<string, (known: readonly Known[]) => string[]>> = { bash, zsh, fish };

/**
 * Prints the script by which a shell completes commands and options; everything else is a file.
 *
 * @throws UsageError on a shell that is not known
 */
export function completionCommand(shell: string, program: Command): 0 {
  const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
  if (script === undefined) {
    throw new UsageError(`no completion for "${shell}"`, {
      code: 'E-SHELL',
      where: 'the command line',
      why: `the shells are ${Object.keys(SCRIPTS).join(', ')}`,
      instead: 'one of them, as in: source <(holdfast completion bash)',
    });
  }
  process.stdout.write(`${script(program.commands.map(knownOf)).join('\n')}\n`);
  return 0;
}

const knownOf = (command: Command): Known => ({
  name: command.name(),
  summary: command.summary(),
  options: command.options.map(({ long, description, required, optional }) => ({
    flag: long!,
    about: description,
    takesValue: required || optional,
  })),
});

/** Completes files where neither a command nor an option is typed. */
function bash(known: readonly Known[]): string[] {
  return [
    '# source <(holdfast completion bash)',
    '_holdfast() {',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
    '  local word="${COMP_WORDS[COMP_CWORD]}" words=""',
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    words="${known.map(({ name }) => name).join(' ')}"`,
    '  elif [[ "$word" == -* ]]; then',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
    '    case "${COMP_WORDS[1]}" in',
    ...known.map(({ name, options }) => `      ${name}) words="${options.map(({ flag }) => flag).join(' ')}" ;;`),
    '    esac',
    '  fi',
    '  COMPREPLY=($(compgen -W "$words" -- "$word"))',
    '}',
    'complete -o default -F _holdfast holdfast',
  ];
}

function zsh(known: readonly Known[]): string[] {
  const told = (flag: string, about: string) => singly(`${flag}:${about.replaceAll(':', '\\:')}`);
  return [
    '#compdef holdfast',
    '# source <(holdfast completion zsh), or into a file _holdfast on the fpath',
    '_holdfast() {',
    '  local command=$words[2]',
    '  local -a known',
    '  if (( CURRENT == 2 )); then',
    `    known=(${known.map(({ name, summary }) => told(name, summary)).join(' ')})`,
    '    _describe command known',
    '    return',
    '  fi',
    '  if [[ $PREFIX != -* ]]; then _files; return; fi',
    '  case $command in',
    ...known.map(
      ({ name, options }) => `    ${name}) known=(${options.map(({ flag, about }) => told(flag, about)).join(' ')}) ;;`,
    ),
    '  esac',
    '  _describe option known',
    '}',
    'compdef _holdfast holdfast',
  ];
}

function fish(known: readonly Known[]): string[] {
  return [
    '# holdfast completion fish | source',
    ...known.map(
      ({ name, summary }) => `complete -c holdfast -n __fish_use_subcommand -f -a ${name} -d ${singly(summary)}`,
    ),
    ...known.flatMap(({ name, options }) =>
      options.map(
        ({ flag, about, takesValue }) =>
          `complete -c holdfast -n '__fish_seen_subcommand_from ${name}' -l ${flag.slice(2)}${takesValue ? ' -r' : ''} -d ${singly(about)}`,
      ),
    ),
  ];
}

/** In single quotes, in which no shell looks for anything. A quote would end them: it is left out of a description. */
const singly = (text: string): string => `'${text.replaceAll("'", '’')}'`;
