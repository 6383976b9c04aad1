import type { Caller } from "../../src/domain/accounts/caller.ts";
import type { Declaration, DeclaredRobot } from "../../src/domain/accounts/declaration.ts";
import { applyForCaller } from "../../src/usecases/management/apply-for-caller.ts";
import type { ChangeContext } from "../../src/usecases/management/change-context.ts";
import type { RegistryDeps } from "../../src/usecases/management/manage-registries.ts";
import { type DeclarationRequest, planDeclaration } from "../../src/usecases/management/plan-declaration.ts";
import { aDeclaration, declaredRobot } from "./declaration-store.ts";
import { keysOn } from "./key-world.ts";
import { aChangeBy, type ManagedRecords, ManagementWorld } from "./management-world.ts";

/** What the baseline's robot is once the client `default` has applied it. */
export const OWNED = { managedBy: "apply:default" } as const;

export interface ApplyChange extends Partial<Omit<DeclarationRequest, "declaration">> {
  /** Of the caller, who administers `acme` unless it says otherwise. */
  readonly caller?: Partial<Caller>;
  readonly context?: Partial<ChangeContext>;
}

/** `acme` with these robots and nothing else, as somebody declares it who has no issuer and no registry to declare. */
export function declaring(
  robots: readonly Partial<DeclaredRobot>[],
  change: Partial<Declaration> = {},
): Declaration {
  const acme = { name: "acme", kind: "organization", enabled: true } as const;
  const namespaces = [{ ...acme, robots: robots.map((robot) => declaredRobot(robot)) }];
  return aDeclaration({ issuers: [], registries: [], namespaces, ...change });
}

/** Plans and applies as clients of the API do, on a real SQLite file with the baseline's issuer and registry. */
export class ApplyWorld extends ManagementWorld {
  readonly registryDeps: RegistryDeps;

  constructor() {
    super();
    const { maker } = keysOn({ directory: this.directory, ledger: this.ledger }, this.clock).deps;
    this.registryDeps = { ...this.deps, ledger: this.ledger, maker };
  }

  static async with(records: ManagedRecords = { robots: [] }): Promise<ApplyWorld> {
    const world = new ApplyWorld();
    await world.put(records);
    return world;
  }

  apply(declaration: Declaration, { caller, context, ...change }: ApplyChange = {}) {
    const request = { declaration, client: "default", prune: false, ...change };
    return applyForCaller(this.registryDeps, request, aChangeBy(caller, context));
  }

  plan(declaration: Declaration, { caller, ...change }: ApplyChange = {}) {
    const request = { declaration, client: "default", prune: false, ...change };
    return planDeclaration(this.deps, request, aChangeBy(caller).caller);
  }

  /** What it did: `robot acme+builder created`; throws when it was refused. */
  async applied(declaration: Declaration, change?: ApplyChange): Promise<readonly string[]> {
    const result = await this.apply(declaration, change);
    if (!result.ok) throw new Error(`refused: ${result.error.reason} ${result.error.detail}`);
    return result.value.map(({ kind, name, outcome }) => `${kind} ${name} ${outcome}`);
  }
}
