import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";

const ROOT = new URL("../../../", import.meta.url).pathname;
/** The last commit without a management API. */
const COMMIT = "945c12d844ef68a5eb586e42d191173a2e02aa44";

/** The commit of the release before; undefined where the history does not reach back to it. */
export function findReleaseBefore(): string | undefined {
  try {
    execFileSync("git", ["-C", ROOT, "cat-file", "-e", `${COMMIT}^{commit}`], { stdio: "ignore" });
    return COMMIT;
  } catch {
    return undefined;
  }
}

/** Unpacks a release into `folder`, on the packages of this checkout, and gives the path of its command line. */
export function unpackRelease(commit: string, folder: string): string {
  mkdirSync(folder);
  const archive = join(folder, "release.tar");
  execFileSync("git", ["-C", ROOT, "archive", "--output", archive, commit, "src", "package.json"]);
  execFileSync("tar", ["-xf", archive, "-C", folder]);
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  return join(folder, "src/entrypoints/cli.ts");
}
