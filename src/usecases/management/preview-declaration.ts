import type { Declaration } from "../../domain/accounts/declaration.ts";
import type { Directory } from "../ports.ts";
import { declarationSteps, type Step, type StepContext } from "./declaration-steps.ts";

/** What applying `declaration` would do, step by step in that order; writes nothing. */
export async function previewDeclaration(
  directory: Directory,
  declaration: Declaration,
  context: Omit<StepContext, "draw">,
): Promise<readonly Step[]> {
  // What is drawn here is thrown away.
  const steps: Step[] = [];
  for (const plan of await declarationSteps(
    directory,
    declaration,
    { ...context, draw: () => "" },
    () => 0,
  )) {
    steps.push(await plan());
  }
  return steps;
}
