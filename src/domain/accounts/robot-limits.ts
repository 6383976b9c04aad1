import { canonicalJson } from "../canonical-json.ts";

/** As Quay has it. */
const MAX_DESCRIPTION_LENGTH = 255;
/** Of its JSON, in UTF-8. */
const MAX_METADATA_BYTES = 4096;
export const MAX_PERMISSIONS_PER_ROBOT = 1000;

/** What of a robot is free text. */
export interface RobotNotes {
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** What is wrong with a robot's notes, as a sentence; undefined: nothing. */
export function faultOfNotes({ description = "", metadata = {} }: RobotNotes): string | undefined {
  if (description.length > MAX_DESCRIPTION_LENGTH) {
    return `description has more than ${MAX_DESCRIPTION_LENGTH} characters`;
  }
  if (new TextEncoder().encode(canonicalJson(metadata)).length > MAX_METADATA_BYTES) {
    return `metadata has more than ${MAX_METADATA_BYTES} bytes`;
  }
  return undefined;
}
