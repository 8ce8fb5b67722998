import type { ReportCode } from '../../explore/codes.ts';
import type { ErrorPage } from './page.ts';

export const reports: Readonly<Record<ReportCode, ErrorPage>> = {
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
  'E-WRITE': {
    means: 'A report, a run or a test cannot be written where it should be.',
    example: 'holdfast check --reporter junit=/reports/holdfast.xml    // there is no /reports',
    remedy: 'Name a file in a folder that is there and that you may write.',
  },
};
