import { err, ok, type Result } from "../result.ts";

/** `unknown`: no registry has that name. `unnamed`: none was named, and there is not just one. */
export type RegistryFault = "unknown" | "unnamed";

/** The registry that a permission is about: it may be left out while only one is there. */
export function registryNamed(
  named: string | undefined,
  registries: readonly string[],
): Result<string, RegistryFault> {
  if (named !== undefined) return registries.includes(named) ? ok(named) : err("unknown");
  const [only, ...others] = registries;
  return only !== undefined && others.length === 0 ? ok(only) : err("unnamed");
}
