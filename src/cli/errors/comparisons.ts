import type { ComparisonCode } from '../../explore/codes.ts';
import type { ErrorPage } from './page.ts';

export const comparisons: Readonly<Record<ComparisonCode, ErrorPage>> = {
  'E-DIFF-PATH': {
    means:
      'holdfast diff was given a path that leads out of the current folder. It would not be found in another version.',
    example: 'holdfast diff main HEAD ../models',
    remedy:
      'Run it in a folder above, with the path from there: the folders of both versions are those that you are in now.',
  },
  'E-OBSERVE': {
    means:
      'What is to be observed names an actor that the model does not have, or a message that the actor never takes. It would never be seen, and anything would do.',
    example: "expect(queued).toRefine(direct, { observe: [['mount', 'failure.notifed']] })",
    remedy:
      'Name an actor and a message that both models have. Where they are called otherwise, let "observe" be a function that says what is seen of each message, one here and one under "of".',
  },
  'E-REVISION': {
    means:
      'holdfast diff compares two versions, each a revision of git or a folder; this is neither, or both, or git cannot give its files.',
    example: 'holdfast diff mian HEAD',
    remedy:
      'Name a branch, a tag or a commit, or a folder: "." is the working tree. Where a folder is called like a branch, write ./name for the folder.',
  },
  'E-SPECIFICATION': {
    means: 'toRefine() was not told which variant of the other model is the specification, and it has several.',
    example: 'expect(race).toRefine(race)',
    remedy: "expect(race).toRefine(race, { variant: 'locked', of: { variant: 'unlocked' } })",
  },
};
