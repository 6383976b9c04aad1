import type { CachedSystem } from "../adapters/directory/cached-system.ts";
import { watchDirectory } from "../adapters/directory/watched-directory.ts";
import type { KeyRing } from "../adapters/keys/key-ring.ts";
import { NodeSigner } from "../adapters/keys/node-signer.ts";
import { systemClock } from "../adapters/runtime/system-clock.ts";
import type { Directory } from "../usecases/ports.ts";
import type { StalePulls } from "../usecases/registry/issue-stale-pull.ts";
import { VerifiedRobotTokens } from "../usecases/registry/verified-robot-tokens.ts";

/** What remembers robot tokens, and the directory, by which it learns what is no more; 0 seconds: neither. */
export function rememberRobotTokens(
  directory: Directory,
  seconds: number,
): { readonly directory: Directory; readonly tokens?: VerifiedRobotTokens } {
  if (seconds === 0) return { directory };
  const tokens = new VerifiedRobotTokens(systemClock, seconds);
  return { directory: watchDirectory(directory, tokens), tokens };
}

/** `tokens` with the registries and keys that were read last, for as long. */
export function stalePulls(
  tokens: VerifiedRobotTokens | undefined,
  seconds: number,
  system: CachedSystem,
  keys: KeyRing,
): StalePulls | undefined {
  return (
    tokens && {
      tokens,
      system: system.lastGood(seconds * 1000),
      signer: new NodeSigner(keys.lastGood(seconds * 1000)),
    }
  );
}
