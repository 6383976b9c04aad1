import type { PlannedObject } from "../../src/domain/accounts/declaration.ts";

/** Planned objects without what becomes of each: for tests of which there are, and with what outcome. */
export function bare(objects: readonly PlannedObject[]): readonly PlannedObject[] {
  return objects.map(({ before: _, after: __, ...object }) => object);
}
