import { writeNamespace } from "../scale/records.ts";
import type { GrowthServer } from "./server.ts";

/** Of a namespace that stands beside the large one. */
const ROBOTS_A_NAMESPACE = 100;
/** Namespaces that are written at the same time. */
const AT_ONCE = 20;

export interface WrittenRobots {
  readonly namespaces: number;
  readonly robots: number;
}

/** `count` robots: half of them in the namespace `large`, the others in very many. */
export async function writeRobots(
  { directory }: GrowthServer,
  large: string,
  count: number,
): Promise<WrittenRobots> {
  const inLarge = Math.ceil(count / 2);
  const others = Math.floor((count - inLarge) / ROBOTS_A_NAMESPACE);
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < others; at = next++) {
      await writeNamespace(directory, `team-${at}`, { count: ROBOTS_A_NAMESPACE });
    }
  };
  await Promise.all([
    writeNamespace(directory, large, { count: inLarge }),
    ...Array.from({ length: AT_ONCE }, worker),
  ]);
  return { namespaces: others + 1, robots: inLarge + others * ROBOTS_A_NAMESPACE };
}
