/** Whether somebody has asked the process to stop, for who can do so at the next opportunity. */
export interface Signals {
  readonly came: () => boolean;
  /** From here on a signal ends the process, as always. */
  readonly ignore: () => void;
}

/** The first signal is heard, the second ends the process at once. */
export function listen(): Signals {
  let hasCome = false;
  const hear = (): void => {
    hasCome = true;
    ignore();
  };
  const ignore = (): void => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, hear);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, hear);
  return { came: () => hasCome, ignore };
}
