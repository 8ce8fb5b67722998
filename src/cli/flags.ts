/** The options of `holdfast check`, parsed. */
export interface CheckFlags {
  readonly variant: readonly string[];
  readonly property: readonly string[];
  readonly option: readonly (readonly [option: string, value: string])[];
  readonly maxStates?: number;
  readonly maxDepth?: number;
  readonly maxTime?: number;
  readonly maxMemory?: number;
  readonly bail?: boolean;
  readonly approximate?: boolean;
  readonly runs?: boolean;
  readonly stats?: boolean;
  readonly coverage?: boolean;
  readonly verbose?: boolean;
  readonly quiet?: boolean;
  readonly json?: boolean;
  readonly color: boolean;
}

/** The limits given, to be repeated in the line that reproduces a run: without them that would take longer, or more memory. */
export function limitArgs({ approximate, maxStates, maxDepth, maxTime, maxMemory }: CheckFlags): string[] {
  return [
    ...(approximate ? ['--approximate'] : []),
    ...(maxStates === undefined ? [] : ['--max-states', String(maxStates)]),
    ...(maxDepth === undefined ? [] : ['--max-depth', String(maxDepth)]),
    ...(maxTime === undefined ? [] : ['--max-time', `${maxTime}ms`]),
    ...(maxMemory === undefined ? [] : ['--max-memory', `${Math.ceil(maxMemory / 2 ** 20)}m`]),
  ];
}
