/**
 * What every error that Holdfast tells a user of is called. A code is never renamed nor given to another error: it stands in logs and in
 * search boxes. `holdfast explain CODE` says what it means (`src/cli/errors/`).
 */
export type Code =
  | ModelCode
  | MachineCode
  | WireCode
  | PropertyCode
  | CommandCode
  | CheckpointCode
  | ReportCode
  | ComparisonCode;

/** A model and its variants. */
export type ModelCode =
  | 'E-BUILD'
  | 'E-COMPOSITION'
  | 'E-KEY'
  | 'E-NO-VARIANTS'
  | 'E-OPTION'
  | 'E-OPTION-VALUE'
  | 'E-OPTION-VALUES'
  | 'E-REPLICAS'
  | 'E-VARIANT'
  | 'E-VERDICT'
  | 'E-WHICH-VARIANT';

/** Machines, and what their code may do. */
export type MachineCode =
  | 'E-ACTION'
  | 'E-DATA'
  | 'E-DELAY-ID'
  | 'E-EMITS-AT-START'
  | 'E-ENDLESS'
  | 'E-IMPURE'
  | 'E-NO-MESSAGE'
  | 'E-SELF'
  | 'E-SPAWN'
  | 'E-THROWS'
  | 'E-UNIMPLEMENTED';

/** Wires, mailboxes and spontaneous messages. */
export type WireCode =
  | 'E-ACTOR'
  | 'E-CASCADE'
  | 'E-ONE-OF'
  | 'E-ORDER'
  | 'E-OUTCOMES'
  | 'E-QUEUE'
  | 'E-REGIONS'
  | 'E-RESERVED'
  | 'E-ROUTE'
  | 'E-SPONTANEOUS-TWICE'
  | 'E-UNBOUNDED'
  | 'E-UNTAKEN'
  | 'E-UNWIRED'
  | 'E-WIRE';

/** Properties, what they look at, and what is expected of them. */
export type PropertyCode =
  | 'E-EXCEPTION'
  | 'E-EXPECTATION'
  | 'E-NAMESAKE'
  | 'E-NOT-WITNESS'
  | 'E-PEER'
  | 'E-PREDICATE'
  | 'E-PROPERTY'
  | 'E-STALE-PEER'
  | 'E-TAG'
  | 'E-UNHEARD'
  | 'E-WITNESS';

/** The command line, files, and whatever comes up while they are loaded. */
export type CommandCode =
  | 'E-CODE'
  | 'E-ENDS'
  | 'E-FAULT'
  | 'E-FILE-NAME'
  | 'E-FOLDER'
  | 'E-INIT-FOLDER'
  | 'E-INIT-THERE'
  | 'E-LOAD'
  | 'E-NO-MODEL'
  | 'E-NO-MODELS'
  | 'E-NOTHING'
  | 'E-PATH'
  | 'E-SHELL'
  | 'E-UNCAUGHT'
  | 'E-USAGE';

/** Searches that are kept in a folder. */
export type CheckpointCode =
  | 'E-CHECKPOINT-APPROXIMATE'
  | 'E-CHECKPOINT-DAMAGED'
  | 'E-CHECKPOINT-FOLDER'
  | 'E-CHECKPOINT-FORMAT'
  | 'E-CHECKPOINT-INTERVAL'
  | 'E-CHECKPOINT-MEMORY'
  | 'E-CHECKPOINT-MISFIT'
  | 'E-CHECKPOINT-OTHER'
  | 'E-CHECKPOINT-THERE'
  | 'E-CHECKPOINT-TWICE'
  | 'E-CHECKPOINT-VARIANTS'
  | 'E-CHECKPOINT-WORKERS'
  | 'E-NO-CHECKPOINT';

/** Runs that are saved, and reports that are written. */
export type ReportCode =
  | 'E-BASELINE'
  | 'E-DOCS-THERE'
  | 'E-FIGURES-FILE'
  | 'E-FIGURES-STALE'
  | 'E-PAGE'
  | 'E-PORT'
  | 'E-REPORT-FILE'
  | 'E-REPORTERS'
  | 'E-RUN-FILE'
  | 'E-RUN-OTHER'
  | 'E-RUN-STALE'
  | 'E-SHARDS'
  | 'E-UPDATE'
  | 'E-WRITE';

/** Variants, and versions of them, that are compared with each other. */
export type ComparisonCode = 'E-DIFF-PATH' | 'E-OBSERVE' | 'E-REVISION' | 'E-SPECIFICATION';
