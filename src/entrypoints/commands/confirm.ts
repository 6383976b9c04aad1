import { createInterface } from "node:readline/promises";

/** Where a question is asked, and whether somebody is there to answer. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly attended: boolean;
}

/** Standard error, so that standard output stays what the command prints. */
function ownTerminal(): Terminal {
  return { input: process.stdin, output: process.stderr, attended: process.stdin.isTTY === true };
}

/**
 * Whether somebody typed `name`, or said `--yes`, for what cannot be taken back. A program that has not said so is
 * refused, with the sentence on standard error.
 */
export async function isConfirmed(
  { yes }: Readonly<Record<string, unknown>>,
  name: string,
  what: string,
  terminal: Terminal = ownTerminal(),
): Promise<boolean> {
  if (yes === true) return true;
  if (!terminal.attended) {
    console.error(`berth: this ${what}; say --yes`);
    return false;
  }
  const lines = createInterface({ input: terminal.input, output: terminal.output });
  try {
    const typed = await lines.question(`This ${what}. Type ${name} to go on: `);
    if (typed.trim() === name) return true;
    console.error("berth: that is not it; nothing was done");
    return false;
  } finally {
    lines.close();
  }
}
