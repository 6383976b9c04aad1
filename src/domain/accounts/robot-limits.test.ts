import { expect, it } from "vitest";
import { faultOfNotes, type RobotNotes } from "./robot-limits.ts";

const TOO_LONG = "description has more than 255 characters";
const TOO_BIG = "metadata has more than 4096 bytes";
/** `{"a":"…"}` of so many bytes. */
const metadataOf = (bytes: number) => ({ a: "x".repeat(bytes - 8) });

it.each<{ what: string; notes: RobotNotes; fault: string | undefined }>([
  { what: "nothing", notes: {}, fault: undefined },
  { what: "a description that just fits", notes: { description: "x".repeat(255) }, fault: undefined },
  { what: "one that does not", notes: { description: "x".repeat(256) }, fault: TOO_LONG },
  { what: "metadata that just fit", notes: { metadata: metadataOf(4096) }, fault: undefined },
  { what: "metadata that do not", notes: { metadata: metadataOf(4097) }, fault: TOO_BIG },
  {
    what: "metadata of few characters and many bytes",
    notes: { metadata: { a: "é".repeat(2048) } },
    fault: TOO_BIG,
  },
])("faultOfNotes of $what is $fault", ({ notes, fault }) => {
  expect(faultOfNotes(notes)).toBe(fault);
});
