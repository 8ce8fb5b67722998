import type { CheckpointCode, CommandCode } from '../../explore/codes.ts';
import type { ErrorPage } from './page.ts';

export const commands: Readonly<Record<CommandCode, ErrorPage>> = {
  'E-CODE': {
    means: 'holdfast explain was asked for a code that no error has.',
    example: 'holdfast explain E-WIRED',
    remedy: 'holdfast explain, without a code, lists all of them.',
  },
  'E-ENDS': {
    means: 'The process ended while a file was being loaded or a model checked, without Holdfast having ended it.',
    example: 'process.exit(0);    // at the top of a file of a model',
    remedy: 'Let the file do nothing but export its model. A top-level await that never comes to an end does the same.',
  },
  'E-FAULT': {
    means:
      'Holdfast itself went wrong: an error in its own code, or a search that plain XState does not confirm. The model is not to blame.',
    example: 'holdfast check models/any.ts    // exit code 5',
    remedy: 'Please report it, with the lines that were printed and the model.',
  },
  'E-FILE-NAME': {
    means: 'A file is named that Node cannot import as a module.',
    example: 'holdfast check README.md',
    remedy: 'Name a .ts, .mts, .js or .mjs file whose default export is a model, or a folder of such files.',
  },
  'E-FOLDER': {
    means: 'A folder that is to be looked through for models cannot be read.',
    example: 'holdfast check /root/models',
    remedy: 'Name one that you may read.',
  },
  'E-INIT-FOLDER': {
    means:
      'holdfast init cannot write its files: the folder may not be written to, or a file has the name of a folder.',
    example: 'holdfast init /usr',
    remedy: 'Name a folder that you may write to. It is made where there is none.',
  },
  'E-INIT-THERE': {
    means: 'holdfast init would overwrite a file that is there. It has written nothing.',
    example: 'holdfast init && holdfast init',
    remedy: 'Name another folder, or move the file away.',
  },
  'E-LOAD': {
    means:
      'Importing a file threw an error: it cannot be parsed, an import of it is not there, or its own code throws.',
    example: "import { lock } from './lock';    // Node wants './lock.ts'",
    remedy:
      'node FILE must end without an error. Node strips types and nothing else: no enum, no parameter properties, file names in full.',
  },
  'E-NO-MODEL': {
    means: 'A file that was named exports no model by default.',
    example: 'export const race = defineModel({ … });    // not the default export',
    remedy: 'export default defineModel({ … }). In a folder, files without a default export are passed over.',
  },
  'E-NO-MODELS': {
    means: 'Below the folders that were named there is no file with a model.',
    example: 'holdfast check docs',
    remedy: 'Name the folder in which they are. holdfast init writes a first one.',
  },
  'E-NOTHING': {
    means: 'The variants and options that were asked for exist, but no model has all of them together.',
    example: 'holdfast check models --variant alone --option kernel=P6    // of two different models',
    remedy: 'Ask for what one model has; holdfast list --verbose shows it.',
  },
  'E-PATH': {
    means: 'There is no file or folder of this name. Without a name, models/ is looked into.',
    example: 'holdfast check models/raec.ts',
    remedy: 'Correct the path, or go to the folder in which models/ is.',
  },
  'E-SHELL': {
    means: 'Completion is asked for of a shell that Holdfast has none for.',
    example: 'holdfast completion csh',
    remedy:
      'bash: source <(holdfast completion bash). zsh: the same with zsh. fish: holdfast completion fish | source.',
  },
  'E-UNCAUGHT': {
    means:
      'An error came up outside of any search, in code of a model that was still running: a timer, a promise that nobody awaits.',
    example: "setTimeout(() => { throw new Error('late'); });    // at the top of a file of a model",
    remedy: 'Let the file do nothing but export its model.',
  },
  'E-USAGE': {
    means: 'The command line has a command, an option or an amount that is not understood.',
    example: 'holdfast check --max-time 5    // of which unit?',
    remedy: 'holdfast --help lists the commands, holdfast COMMAND --help the options of one.',
  },
};

export const checkpoints: Readonly<Record<CheckpointCode, ErrorPage>> = {
  'E-CHECKPOINT-APPROXIMATE': {
    means:
      'An approximate search tells states by numbers that are drawn anew each time, so it cannot be kept and gone on with.',
    example: 'holdfast check models/world.ts --variant all --approximate --checkpoint kept',
    remedy: 'Leave one of the two out.',
  },
  'E-CHECKPOINT-DAMAGED': {
    means:
      'What is in the folder of a checkpoint is not what was written there: a file is missing, cut off or changed.',
    example: 'holdfast check models/world.ts --variant all --resume kept',
    remedy: 'Take a copy of the folder from before, or begin anew with --checkpoint and another folder.',
  },
  'E-CHECKPOINT-FOLDER': {
    means: 'The folder for a checkpoint can be neither made nor written to.',
    example: 'holdfast check models/world.ts --variant all --checkpoint /kept',
    remedy: 'Name a folder that you may write to. It is made where there is none.',
  },
  'E-CHECKPOINT-FORMAT': {
    means: 'The checkpoint was written by a version of Holdfast that keeps searches in another way.',
    example: 'holdfast check models/world.ts --variant all --resume kept',
    remedy: 'Go on with that version, or begin anew with --checkpoint and another folder.',
  },
  'E-CHECKPOINT-INTERVAL': {
    means: 'It is said how often a checkpoint is to be written, and not where to.',
    example: 'holdfast check models/world.ts --checkpoint-every 5m',
    remedy: 'Add --checkpoint DIR, or --resume DIR.',
  },
  'E-CHECKPOINT-MEMORY': {
    means: 'The search that was kept has more states than there is memory for on this machine.',
    example: 'holdfast check models/world.ts --variant all --resume kept',
    remedy: 'Go on where there is more memory, or end what else runs here.',
  },
  'E-CHECKPOINT-MISFIT': {
    means:
      'The checkpoint says of itself that it is of this model, and then a state or a step of it is not one of the model.',
    example: 'holdfast check models/world.ts --variant all --resume kept',
    remedy:
      'Begin anew with --checkpoint and another folder. It should not come to this: please report it, with the model.',
  },
  'E-CHECKPOINT-OTHER': {
    means:
      'The checkpoint is of another model or variant, of other properties or options, or of code that has been changed since.',
    example: 'holdfast check models/other.ts --variant all --resume kept',
    remedy: 'Go on with what it was written of; the error lists what differs. Or begin anew with another folder.',
  },
  'E-CHECKPOINT-THERE': {
    means: 'The folder has a checkpoint already, which a new search would overwrite.',
    example: 'holdfast check models/world.ts --variant all --checkpoint kept    // for the second time',
    remedy: 'Go on with it: --resume kept. Or name another folder.',
  },
  'E-CHECKPOINT-TWICE': {
    means: 'Both --checkpoint and --resume are given. A search that is resumed is kept where it was kept before.',
    example: 'holdfast check models/world.ts --resume kept --checkpoint more',
    remedy: '--resume alone. To leave the checkpoint as it is, copy its folder first.',
  },
  'E-CHECKPOINT-VARIANTS': {
    means: 'A checkpoint is of one variant, and several are to be checked.',
    example: 'holdfast check models --checkpoint kept',
    remedy: 'Name one file, and one variant with --variant.',
  },
  'E-CHECKPOINT-WORKERS': {
    means: 'A search that several threads share cannot be kept and gone on with.',
    example: 'holdfast check models/world.ts --variant all --workers 2 --checkpoint kept',
    remedy: 'Leave one of the two out.',
  },
  'E-NO-CHECKPOINT': {
    means: 'There is no checkpoint in the folder that is to be resumed, or it cannot be read.',
    example: 'holdfast check models/world.ts --variant all --resume empty',
    remedy:
      'Name a folder that --checkpoint has written to. A search that is stopped before its first interval is over has written none.',
  },
};
