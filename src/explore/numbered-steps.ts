import type { LearnedStep } from './steps.ts';

/** Steps that a number stands for where there are only integers. */
export class NumberedSteps {
  readonly #steps: LearnedStep[] = [];
  readonly #numbers = new Map<LearnedStep, number>();

  id(step: LearnedStep): number {
    const number = this.#numbers.get(step) ?? this.#steps.push(step) - 1;
    this.#numbers.set(step, number);
    return number;
  }

  value(number: number): LearnedStep {
    return this.#steps[number]!;
  }
}
