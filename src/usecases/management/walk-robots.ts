import type { Robot } from "../../domain/accounts/robot.ts";
import type { Directory } from "../ports.ts";
import { walkNamespace } from "./walk-namespace.ts";

/**
 * Every robot of every namespace, as `walkNamespace` gives them: one read for each 500 robots, and at least one for
 * each namespace. For what an operator asks now and then.
 */
export async function* walkRobots(
  directory: Pick<Directory, "listNamespaces" | "listRobots">,
): AsyncGenerator<Robot, void> {
  for (const { name } of await directory.listNamespaces()) yield* walkNamespace(directory, name);
}
