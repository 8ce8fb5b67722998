import { Console } from 'node:console';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { bytesOf, countOf, millisecondsOf, portOf, workersOf } from './cli/amounts.ts';
import { faultText } from './cli/attempt.ts';
import { blame, placeText, sayingOf } from './cli/blame.ts';
import { checkCommand } from './cli/check.ts';
import type { DiffFlags } from './cli/diff.ts';
import { type DiffWish, diffWishOf } from './cli/diff-tellers.ts';
import type { DocsFlags } from './cli/docs.ts';
import type { ExitCode } from './cli/exit.ts';
import type { CheckFlags } from './cli/flags.ts';
import type { ListFlags } from './cli/list.ts';
import { DEFAULT_FOLDER, fileBeingLoaded } from './cli/load.ts';
import { Interrupted } from './cli/long.ts';
import type { MergeFlags } from './cli/merge.ts';
import type { ReplayFlags } from './cli/replay.ts';
import { isDocument, type Wish, wishOf } from './cli/reporters.ts';
import type { ServeFlags } from './cli/serve.ts';
import { shardOf } from './cli/shard.ts';
import type { SimulateFlags } from './cli/simulate.ts';
import { UsageError } from './cli/usage-error.ts';
import { versionOf } from './cli/version.ts';
import { Refused } from './explore/kept.ts';
import { type Located, SpecError } from './explore/spec-error.ts';
import { errorJson } from './report/json.ts';
import { safe } from './report/text.ts';

/**
 * The command line. Each command is a file of `cli/`; those that are not `check` are loaded when they are asked for.
 *
 * There is no handler for SIGINT but where a checkpoint is kept (`cli/long.ts`) and where runs are random (`cli/simulate.ts`). Otherwise
 * a search does not look up before it is done, so a handler would not run; without one the signal ends the process at once, which a
 * shell reports as 130.
 */

const EXIT_CODES = `
Exit codes: 0 all as expected, 1 a verdict or a figure differs from what is expected, 2 usage, 3 unknown (a limit was reached, a worker
was lost, or approximate), 4 a specification is malformed or impure, 5 a fault of Holdfast itself, 130 interrupted. Of several
the first of 5, 2, 4, 1, 3, 0 counts.`;

const DIFF_CODES = `
Exit codes: 0 no difference, 1 a difference, 2 usage, 3 no difference found and a limit left something open, 4 a specification is malformed or
impure, 5 a fault of Holdfast itself, 130 interrupted. Of several the first of 5, 2, 4, 1, 3, 0 counts.`;

const REPLAY_CODES = `
Exit codes: as of check. A run that is violated though that is not expected is 1; one that is expected to be and is not any more is 3, since
other runs may be.`;

const DOCS_CODES = `
Exit codes: as of check; with --check also 1 where a file is missing, stale or superfluous.`;

const version = versionOf();
let exit: ExitCode = 0;
let isDone = false;

// exitOverride() and configureOutput() come before command(): a subcommand takes them over when it is made.
const program = new Command('holdfast')
  .description(
    'Checks compositions of XState machines: every interleaving, every property, the shortest counterexample.',
  )
  .version(version)
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(`holdfast: ${text}`) })
  .showHelpAfterError('(holdfast --help says what there is, holdfast explain E-USAGE what is wrong)')
  .addHelpText('after', EXIT_CODES);

program
  .command('check')
  .summary('explore all behaviours of models and judge their properties')
  .description('Explores all behaviours of every variant of the models, and judges every property.')
  .argument('[paths...]', 'files of models, or folders of them', [DEFAULT_FOLDER])
  .option('--variant <name>', 'only this variant (repeatable)', gathered, [])
  .option('--property <name>', 'only this property (repeatable)', gathered, [])
  .option('--option <k=v>', 'an option of the model, for variants of your own (repeatable)', gatheredPairs, [])
  .option('--max-states <n>', 'stop after so many states: 500000, 5m', countOf)
  .option('--max-depth <n>', 'stop at so many steps from the initial state', countOf)
  .option('--max-time <t>', 'stop after this time, for each variant: 90s, 5m, 1h', millisecondsOf)
  .option('--max-memory <m>', "stop at so much memory: 512m, 4g (default: four fifths of the machine's)", bytesOf)
  .option('--approximate', 'tell states by random fingerprints: less memory, finds violations, and proves nothing')
  .option('--workers <n>', 'search large state spaces with so many threads, or auto: one for each core', workersOf)
  .option('--checkpoint <dir>', 'keep the search in a folder, to go on with it where it is interrupted or killed')
  .option('--checkpoint-every <t>', 'how often at most: 10s, 5m (default: 60s)', millisecondsOf)
  .option('--resume <dir>', 'go on with the search that is kept in a folder')
  .option('--bail', 'stop at the first violation that is not expected')
  .option('--runs', 'print the runs of all violations, expected ones too; with --property of witnesses as well')
  .option(
    '--reporter <name[=file]>',
    'pretty, jsonl, junit, sarif, github or markdown; to a file, or printed (repeatable)',
    gatheredWishes,
    [],
  )
  .option('--update', 'measure the figures that are kept beside the models anew, and say what has changed')
  .option('--shard <i/n>', 'only the i-th part of all variants, of n', shardOf)
  .option('--save-runs <dir>', 'write the runs of all violations to a folder: for holdfast replay, and as ITF')
  .option('--stats', 'print what the search cost, how it kept its states, and where they come from')
  .option('--coverage', 'print how much of each transition was tried')
  .option('--watch', 'check again whenever a file below the current folder changes')
  .option('--verbose', 'print every verdict, and what was never taken')
  .option('--quiet', 'print only what is not as expected, and the summary')
  .option('--json', 'print one JSON document')
  .option('--html <file>', 'write the report as a page too: one file, to be opened from disk, to step through the runs')
  .option('--baseline <file>', 'an earlier page, or what --json has printed, that the page of --html is compared with')
  .option('--no-color', 'print without colours, as with NO_COLOR set')
  .addHelpText('after', EXIT_CODES)
  .action((paths: string[], flags: CheckFlags) => {
    if (isDocument(flags.reporter ?? [])) reserveOutput();
    return ending(flags, async () =>
      flags.watch ? (await import('./cli/watch.ts')).watchCommand() : checkCommand(paths, flags, version),
    );
  });

program
  .command('serve')
  .summary('check, and show the report in a browser, to step on from any state')
  .description('Checks as `check` does, and serves the report to this machine: every state can be stepped on from.')
  .argument('[paths...]', 'files of models, or folders of them', [DEFAULT_FOLDER])
  .option('--variant <name>', 'only this variant (repeatable)', gathered, [])
  .option('--property <name>', 'only this property (repeatable)', gathered, [])
  .option('--option <k=v>', 'an option of the model, for variants of your own (repeatable)', gatheredPairs, [])
  .option('--max-states <n>', 'stop the search after so many states; one can step on from there', countOf)
  .option('--max-depth <n>', 'stop at so many steps from the initial state', countOf)
  .option('--max-time <t>', 'stop after this time, for each variant: 90s, 5m, 1h', millisecondsOf)
  .option('--max-memory <m>', "stop at so much memory: 512m, 4g (default: four fifths of the machine's)", bytesOf)
  .option('--baseline <file>', 'an earlier page, or what --json has printed, to be compared with')
  .option('--port <n>', 'where to listen, at 127.0.0.1 (default: a port that is free)', portOf, 0)
  .option('--no-color', 'print without colours, as with NO_COLOR set')
  .action((paths: string[], flags: ServeFlags) =>
    ending(flags, async () => (await import('./cli/serve.ts')).serveCommand(paths, flags, version)),
  );

program
  .command('list')
  .summary('list models, or the options, variants and properties of one')
  .description('Lists models and what they ask; of a single one its options, variants and properties too.')
  .argument('[paths...]', 'files of models, or folders of them', [DEFAULT_FOLDER])
  .option('--verbose', 'options, variants and properties of all models')
  .option('--json', 'print one JSON document')
  .option('--no-color', 'print without colours, as with NO_COLOR set')
  .action((paths: string[], flags: ListFlags) =>
    ending(flags, async () => (await import('./cli/list.ts')).listCommand(paths, flags, version)),
  );

program
  .command('docs')
  .summary('check, and write what models are and what was found of them as Markdown')
  .description(
    'Checks models and writes a page of Markdown for each of them and for each of their machines, with statecharts, verdicts and the shortest runs.',
  )
  .argument('[paths...]', 'files of models, or folders of them', [DEFAULT_FOLDER])
  .requiredOption('--out <dir>', 'the folder to write to; files in it that others have made are left alone')
  .option('--check', 'write nothing, and fail where a file is not what would be written')
  .option('--variant <name>', 'only this variant (repeatable)', gathered, [])
  .option('--max-states <n>', 'stop each search after so many states', countOf)
  .option('--max-depth <n>', 'stop each search at so many steps from the initial state', countOf)
  .option('--max-memory <m>', "stop at so much memory: 512m, 4g (default: four fifths of the machine's)", bytesOf)
  .option('--no-color', 'print without colours, as with NO_COLOR set')
  .addHelpText('after', DOCS_CODES)
  .action((paths: string[], flags: DocsFlags) =>
    ending({}, async () => (await import('./cli/docs.ts')).docsCommand(paths, flags)),
  );

program
  .command('simulate')
  .summary('take random runs of models that are too large to be explored')
  .description(
    'Takes random runs and looks at all steps of every state on the way. Finds violations, and proves nothing.',
  )
  .argument('[paths...]', 'files of models, or folders of them', [DEFAULT_FOLDER])
  .option('--variant <name>', 'only this variant (repeatable)', gathered, [])
  .option('--option <k=v>', 'an option of the model, for variants of your own (repeatable)', gatheredPairs, [])
  .option('--property <name>', 'look for violations of this property alone (repeatable)', gathered, [])
  .option('--seed <n>', 'the same runs as another time (default: another each time)', countOf)
  .option('--runs <n>', 'how many, of each variant (default: 1000, or as many as --max-time allows)', countOf)
  .option('--depth <n>', 'how long each is at most, in steps', countOf, 100)
  .option('--max-time <t>', 'stop after this time, for each variant: 90s, 5m, 1h', millisecondsOf)
  .option('--coverage', 'print how much of each transition was seen')
  .option('--json', 'print one JSON document')
  .option('--no-color', 'print without colours, as with NO_COLOR set')
  .addHelpText('after', EXIT_CODES)
  .action((paths: string[], flags: SimulateFlags) =>
    ending(flags, async () => (await import('./cli/simulate.ts')).simulateCommand(paths, flags, version)),
  );

program
  .command('diff')
  .summary('compare two versions of models: verdicts, figures, and what can happen')
  .description(
    'Says what is otherwise in one version of the models than in the other: verdicts, figures, and what can be seen to happen, with a shortest run for each. A version is a revision of git, or a folder; "." is the working tree, which is not touched.',
  )
  .argument('<base>', 'the version before: a branch, a tag, a commit, or a folder')
  .argument('<head>', 'the version after')
  .argument('[paths...]', `files of models, or folders of them, in either (default: "${DEFAULT_FOLDER}")`)
  .option('--variant <name>', 'only this variant (repeatable)', gathered, [])
  .option('--observe <actor>', 'compare only what this actor can be seen to do (repeatable)', gathered, [])
  .option('--max-states <n>', 'stop each search after so many states', countOf)
  .option('--max-time <t>', 'stop each search after this time: 90s, 5m, 1h', millisecondsOf)
  .option('--max-memory <m>', "stop at so much memory: 512m, 4g (default: four fifths of the machine's)", bytesOf)
  .option(
    '--reporter <name[=file]>',
    'pretty, or markdown for a pull request; to a file, or printed (repeatable)',
    (text: string, before: readonly DiffWish[]) => [...before, diffWishOf(text)],
    [],
  )
  .option('--quiet', 'print only what differs, and the summary')
  .option('--json', 'print one JSON document')
  .option('--no-color', 'print without colours, as with NO_COLOR set')
  .addHelpText('after', DIFF_CODES)
  .action((base: string, head: string, paths: string[], flags: DiffFlags) => {
    if (flags.reporter.some(({ name, file }) => name === 'markdown' && file === undefined)) reserveOutput();
    return ending(flags, async () => (await import('./cli/diff.ts')).diffCommand(base, head, paths, flags, version));
  });

program
  .command('init')
  .summary('write a first model and its test')
  .description('Writes a first model, models/race.ts, and its test, test/race.test.ts; overwrites nothing.')
  .argument('[dir]', 'where to', '.')
  .action((dir: string) => ending({}, async () => (await import('./cli/init.ts')).initCommand(dir)));

program
  .command('replay')
  .summary('take a saved run again, or make a test of it')
  .description(
    'Takes a run that check --save-runs has written again, step by step through plain XState, and says whether it still goes through and still violates its property.',
  )
  .argument('<run>', 'a .run.json')
  .option('--as-test [file]', 'write a test for vitest that fails until the race is gone')
  .option('--model <file>', 'where the model is, if it is not where it was')
  .option('--json', 'print one JSON document')
  .option('--no-color', 'print without colours, as with NO_COLOR set')
  .addHelpText('after', REPLAY_CODES)
  .action((run: string, flags: ReplayFlags) =>
    ending(flags, async () => (await import('./cli/replay.ts')).replayCommand(run, flags, version)),
  );

program
  .command('merge')
  .summary('make one report of those of all shards')
  .description(
    'Makes one report of those that check --shard i/n --reporter jsonl=FILE has written on several machines.',
  )
  .argument('<files...>', 'reports in lines of JSON, of all shards')
  .option(
    '--reporter <name[=file]>',
    'pretty, jsonl, junit, sarif, github or markdown; to a file, or printed (repeatable)',
    gatheredWishes,
    [],
  )
  .option('--runs', 'print the runs of all violations, expected ones too')
  .option('--verbose', 'print every verdict, and what was never taken')
  .option('--quiet', 'print only what is not as expected, and the summary')
  .option('--json', 'print one JSON document')
  .option('--no-color', 'print without colours, as with NO_COLOR set')
  .addHelpText('after', EXIT_CODES)
  .action((files: string[], flags: MergeFlags) =>
    ending(flags, async () => (await import('./cli/merge.ts')).mergeCommand(files, flags, version)),
  );

program
  .command('explain')
  .summary('say what an error means, with an example and what to do')
  .description('Says what an error means, with an example and what to do; without a code lists all errors.')
  .argument('[code]', 'as the error prints it: E-UNWIRED')
  .option('--no-color', 'print without colours, as with NO_COLOR set')
  .action((code: string | undefined, flags: { readonly color: boolean }) =>
    ending({}, async () => (await import('./cli/explain.ts')).explainCommand(code, flags)),
  );

program
  .command('completion')
  .summary('print what lets a shell complete commands and options')
  .description('Prints a script for bash, zsh or fish: source <(holdfast completion bash)')
  .argument('<shell>', 'bash, zsh or fish')
  .action((shell: string) =>
    ending({}, async () => (await import('./cli/completion.ts')).completionCommand(shell, program)),
  );

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // whoever was reading has had enough
  if (error.code === 'EPIPE') end(130);
  else throw error;
});
process.on('uncaughtException', (error) => end(stray(error)));
process.on('exit', () => {
  if (isDone) return;
  const file = fileBeingLoaded() ?? 'a model';
  complain(
    told(`${file}: the process ended too early`, {
      code: 'E-ENDS',
      where: file,
      why: 'it ends the process, or it waits for what never comes',
      instead: 'a file that does nothing but export its model',
    }),
  );
  process.exitCode = 4;
});

program.parseAsync().then(
  () => end(exit),
  (error: unknown) => end(error instanceof CommanderError ? (error.exitCode === 0 ? 0 : 2) : stray(error)),
);

/** Runs a command; what the user got wrong is told, on both channels where a program reads one of them. */
async function ending({ json }: { readonly json?: boolean }, command: () => Promise<ExitCode>): Promise<void> {
  if (json) reserveOutput();
  try {
    exit = await command();
  } catch (error) {
    const isUsage = error instanceof UsageError || error instanceof Refused;
    if (!isUsage && !(error instanceof Interrupted)) throw error;
    exit = isUsage ? 2 : 130;
    complain(error.message);
    if (json) process.stdout.write(`${errorJson(error.message, exit, version)}\n`);
  }
}

/** Standard output is a document's: what model files print goes where people look. */
function reserveOutput(): void {
  globalThis.console = new Console(process.stderr, process.stderr);
}

/** An error that nobody expected where it came up. */
function stray(error: unknown): ExitCode {
  const { fault, place } = blame(error);
  if (fault === 'ours') {
    complain(faultText(error));
    return 5;
  }
  const where = place === undefined ? (fileBeingLoaded() ?? 'a model') : placeText(place);
  const instead = 'a file that does nothing but export its model';
  complain(told('an error that nobody caught', { code: 'E-UNCAUGHT', where, why: sayingOf(error), instead }));
  return 4;
}

const told = (headline: string, located: Located): string => new SpecError(headline, located).message;

function complain(message: string): void {
  process.stderr.write(`holdfast: ${message.split('\n').map(safe).join('\n')}\n`);
}

/** Ends the process when all is written: a model file may have left something open that would keep it alive. */
function end(code: ExitCode): void {
  if (isDone) return;
  isDone = true;
  process.exitCode = code;
  process.stdout.write('', () => process.exit(code));
}

function gathered(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function gatheredWishes(text: string, before: readonly Wish[]): readonly Wish[] {
  return [...before, wishOf(text)];
}

function gatheredPairs(
  text: string,
  before: readonly (readonly [string, string])[],
): readonly (readonly [string, string])[] {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write it as option=value.');
  return [...before, [text.slice(0, at), text.slice(at + 1)]];
}
