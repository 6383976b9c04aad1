import type { Robot } from "../../domain/accounts/robot.ts";
import { objectVersion } from "./object-version.ts";

/** The version of a robot with its rules. Its uid is no content: nobody can read or write it. */
export function robotVersion({ uid: _, ...content }: Robot): Promise<string> {
  return objectVersion(content);
}
