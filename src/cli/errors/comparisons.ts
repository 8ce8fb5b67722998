import type { ComparisonCode } from '../../explore/codes.ts';
import type { ErrorPage } from './page.ts';

export const comparisons: Readonly<Record<ComparisonCode, ErrorPage>> = {
  'E-OBSERVE': {
    means:
      'What is to be observed names an actor that the model does not have, or a message that the actor never takes. It would never be seen, and anything would do.',
    example: "expect(queued).toRefine(direct, { observe: [['mount', 'failure.notifed']] })",
    remedy:
      'Name an actor and a message that both models have. Where they are called otherwise, let "observe" be a function that says what is seen of each message, one here and one under "of".',
  },
  'E-SPECIFICATION': {
    means: 'toRefine() was not told which variant of the other model is the specification, and it has several.',
    example: 'expect(race).toRefine(race)',
    remedy: "expect(race).toRefine(race, { variant: 'locked', of: { variant: 'unlocked' } })",
  },
};
