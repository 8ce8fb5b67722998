/** What a matcher says that fails. */
export function saying(attempt: () => void): string {
  try {
    attempt();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('the matcher does not fail');
}
