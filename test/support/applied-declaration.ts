import { webRandom } from "../../src/adapters/runtime/web-random.ts";
import type { Registry } from "../../src/domain/access/registry.ts";
import type { Namespace, Robot } from "../../src/domain/accounts/robot.ts";
import type { TrustedIssuer } from "../../src/domain/identity/issuer.ts";
import type { FederationRule } from "../../src/domain/rules/federation-rule.ts";
import { applyDeclaration } from "../../src/usecases/management/apply-declaration.ts";
import { aNamespace, aRegistry, aRobot, aRule } from "./baseline.ts";
import type { TestBerth } from "./berth-app.ts";

/** What a declaration says other than the baseline. Ids, nonces and owners in it are not read: the store gives those. */
export interface DeclarationChange {
  readonly issuers?: readonly Partial<TrustedIssuer>[];
  readonly registry?: Partial<Registry>;
  readonly namespace?: Partial<Namespace>;
  /** Each is the baseline's robot with a change. */
  readonly robots?: readonly Partial<Robot>[];
  /** Of the first robot; each is the baseline's rule with a change. */
  readonly rules?: readonly Partial<FederationRule>[];
}

/** Applies a declaration, as a file that an operator changed would be at a start. Throws when it is refused. */
export async function declare(berth: TestBerth, change: DeclarationChange = {}): Promise<void> {
  const { issuers = [{}], robots = [{}], rules = [{}] } = change;
  const applied = await applyDeclaration(
    { directory: berth.directory, clock: berth.clock, random: webRandom },
    {
      revision: 0,
      issuers: issuers.map((issuer) => berth.issuer.issuer(issuer)),
      registries: [aRegistry(change.registry)],
      namespaces: [
        {
          ...aNamespace(change.namespace),
          robots: robots.map((robot) =>
            aRobot({ rules: rules.map((rule) => aRule({ issuer: berth.issuer.url, ...rule })), ...robot }),
          ),
        },
      ],
    },
    { owner: "file", requestId: "request-1" },
  );
  if (!applied.ok) throw new Error(`refused: ${applied.error.reason} ${applied.error.detail}`);
}
