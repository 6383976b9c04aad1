import type { Declaration, PlannedObject } from "../../domain/accounts/declaration.ts";
import type { Directory } from "../ports.ts";
import { declarationSteps } from "./declaration-steps.ts";

/** What applying `declaration` as `owner` would do to each object, in that order; writes nothing. */
export async function previewDeclaration(
  directory: Directory,
  declaration: Declaration,
  owner: string,
): Promise<readonly PlannedObject[]> {
  // What is drawn here is thrown away.
  const context = { owner, draw: () => "" };
  const objects: PlannedObject[] = [];
  for (const plan of await declarationSteps(directory, declaration, context, () => 0)) {
    objects.push(...(await plan()).objects);
  }
  return objects;
}
