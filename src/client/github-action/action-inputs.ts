import { err, ok, type Result } from "../../domain/result.ts";
import type { LoginRequest } from "../login.ts";

/** What action.yml lets a workflow say. */
export interface ActionInputs extends LoginRequest {
  /** Berth's public URL, if the workflow names it. */
  readonly server: string | undefined;
  readonly ifNoIdentity: "fail" | "skip";
}

type Variables = Readonly<Record<string, string | undefined>>;

/** The inputs, as the runner hands them over; the error is a sentence for the log. */
export function readInputs(variables: Variables): Result<ActionInputs, string> {
  const registries = words(input(variables, "registry"));
  if (registries.length === 0) return err("The input `registry` is missing: registry.example.com, for one.");
  const robot = input(variables, "robot");
  if (robot === "") return err("The input `robot` is missing: acme+builder, for one.");
  const ttl = input(variables, "ttl");
  if (!/^\d{0,9}$/.test(ttl)) return err("The input `ttl` is not a whole number of seconds.");
  const ifNoIdentity = input(variables, "if-no-identity") || "fail";
  if (ifNoIdentity !== "fail" && ifNoIdentity !== "skip") {
    return err("The input `if-no-identity` is neither `fail` nor `skip`.");
  }
  return ok({
    ...{ registries, robot, ifNoIdentity },
    scopes: words(input(variables, "scope")),
    server: input(variables, "server") || undefined,
    // Of this job alone, on a machine of one's own as on GitHub's: the post step then leaves nothing behind.
    isPrivate: true,
    ...(ttl === "" ? {} : { ttl: Number(ttl) }),
  });
}

/** The runner's name for an input: in capitals, its hyphens kept. */
function input(variables: Variables, name: string): string {
  return variables[`INPUT_${name.toUpperCase()}`]?.trim() ?? "";
}

/** Several stand on lines or between spaces. A scope holds commas. */
function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}
