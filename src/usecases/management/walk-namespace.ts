import type { Robot } from "../../domain/accounts/robot.ts";
import type { Directory } from "../ports.ts";

const ROBOTS_A_PAGE = 500;

/**
 * Every robot of a namespace, a page at a time, so that a hundred thousand are never in memory together. What is made
 * or removed meanwhile may or may not come by. One read for each 500: not for a hot path.
 */
export async function* walkNamespace(
  directory: Pick<Directory, "listRobots">,
  namespace: string,
): AsyncGenerator<Robot, void> {
  let after = "";
  let page: readonly Robot[];
  do {
    page = await directory.listRobots(namespace, after, ROBOTS_A_PAGE);
    yield* page;
    after = page.at(-1)?.name ?? "";
  } while (page.length === ROBOTS_A_PAGE);
}
