import type { ReportCode } from '../../explore/codes.ts';
import type { ErrorPage } from './page.ts';

export const reports: Readonly<Record<ReportCode, ErrorPage>> = {
  'E-BASELINE': {
    means:
      'The earlier report that a page is to be compared with cannot be read, or is no report; or there is no page to compare in.',
    example: 'holdfast check --html new.html --baseline holdfast.xml    // JUnit does not say enough',
    remedy: 'Name a page that --html has written, or what --json has printed, and --html FILE beside it.',
  },
  'E-DOCS-THERE': {
    means:
      'A file that holdfast docs would write is there, and somebody else has made it: it does not begin as the files do that holdfast docs makes. Nothing has been written.',
    example: 'holdfast docs --out .    // where a README.md is',
    remedy: 'Name another folder, or move the file away.',
  },
  'E-FIGURES-FILE': {
    means:
      'A file in a folder of figures, beside the models, is not what --update has written: it cannot be parsed, something in it is wrong, or it is of a version that this Holdfast does not know.',
    example: 'holdfast check    // a merge has left its marks in models/figures/race.ts.json',
    remedy:
      'Take the file as a version before had it, of a merge one side; or remove it. Then measure anew, with holdfast check --update, and read what has changed.',
  },
  'E-FIGURES-STALE': {
    means:
      'There are figures of a variant or of a model that is not there any more. It is no longer checked, and somebody should have meant that.',
    example: 'git rm models/race.ts && holdfast check models    // models/figures/race.ts.json is still there',
    remedy: 'Where it is meant, holdfast check --update removes them. Where a file was moved, move its figures along.',
  },
  'E-PAGE': {
    means: 'The page that --html and serve put their data into has not been made.',
    example: 'npm ci --ignore-scripts && holdfast check --html report.html    // in a working copy of Holdfast',
    remedy: 'npm run build:page. A package has the page, and npm ci makes it where it runs scripts.',
  },
  'E-PORT': {
    means: 'holdfast serve cannot listen at the port that it was given: another program does, or it takes more rights.',
    example: 'holdfast serve --port 80',
    remedy: 'Give another port, or none: then one that is free is taken.',
  },
  'E-REPORT-FILE': {
    means:
      'A file that is to be merged is no report in lines of JSON, or not a whole one: a check that was interrupted has not written the last line.',
    example: 'holdfast merge holdfast.xml    // JUnit cannot be read back',
    remedy: 'Merge what holdfast check --reporter jsonl=FILE has written; check again what was interrupted.',
  },
  'E-REPORTERS': {
    means: 'Two reports would be written to the same place, and spoil each other.',
    example: 'holdfast check --reporter junit --reporter sarif    // both are printed',
    remedy: 'Name a file for each: --reporter junit=holdfast.xml --reporter sarif=holdfast.sarif.',
  },
  'E-RUN-FILE': {
    means:
      'A file that is to be replayed is no run that Holdfast has saved: it cannot be read or parsed, something is missing from it, or it is of a version that this Holdfast does not know.',
    example: 'holdfast replay runs/race.default.deadlock.itf.json    // the other file, beside it, is the one',
    remedy: 'Name a .run.json that holdfast check --save-runs has written; save it anew where the version has changed.',
  },
  'E-RUN-OTHER': {
    means: 'The file in which the model of a saved run was has another model now.',
    example: 'holdfast replay runs/race.default.deadlock.run.json    // race.ts has a model called "lock"',
    remedy: 'Say where the model is: holdfast replay RUN --model models/race.ts.',
  },
  'E-RUN-STALE': {
    means:
      'A run that is taken again names an actor, a message or a property that the model does not have. It would violate nothing, and say nothing.',
    example: "retake(model, { option: {}, property: 'no update is lost', steps })    // it is called otherwise now",
    remedy:
      'Look whether the race is still there, with holdfast check, and save the run anew; or correct the names in it.',
  },
  'E-SHARDS': {
    means:
      'The reports that are to be merged are not those of all shards of one check, each once. What is missing would be silence, and look like success.',
    example: 'holdfast merge 1.jsonl 2.jsonl    // of --shard 1/3 and --shard 2/3',
    remedy: 'Check with the same models and the same Holdfast on all machines, and merge the reports of all of them.',
  },
  'E-UPDATE': {
    means:
      '--update writes down what a model has, and was given together with an option by which less is searched, less is asked, or something else is checked.',
    example: 'holdfast check --update --max-states 100000',
    remedy:
      'Leave the other options out. --variant, --workers and --checkpoint are fine; variants that are not checked keep their figures.',
  },
  'E-WRITE': {
    means: 'A report, a run, a test or a file of figures cannot be written where it should be.',
    example: 'holdfast check --reporter junit=/reports/holdfast.xml    // there is no /reports',
    remedy: 'Name a file in a folder that is there and that you may write.',
  },
};
