import type { DeclaredIssuer } from "../accounts/declaration.ts";
import { profileNamed } from "../identity/profiles/all.ts";
import type { LintContext } from "./rule-pins.ts";

/** What the linter knows of issuers, by URL. */
export function lintedIssuers(
  issuers: readonly Pick<DeclaredIssuer, "url" | "profile" | "audiences" | "replay">[],
): LintContext["issuers"] {
  return new Map(
    issuers.map(({ url, profile: name, audiences, replay }) => {
      const profile = profileNamed(name);
      return [url, { profile, shared: profile.isShared(url), audiences, replay }];
    }),
  );
}
