/** How a program ended and what it said: the same, whatever machine it ran on. */
export interface Outcome {
  /** Its exit status; null when it did not end by itself. */
  readonly status: number | null;
  /** What it printed, a character each byte. */
  readonly text: string;
  /** How it ended when not by itself. */
  readonly end?: string;
}

export function describe({ status, text, end }: Outcome): string {
  const said = text === '' ? '' : `, printed ${JSON.stringify(text.slice(-300))}`;
  return `${status === null ? (end ?? 'no end') : `exit status ${status}`}${said}`;
}
