import { afterEach, beforeEach, expect, it } from "vitest";
import { aRegistry, SERVICE } from "../../../test/support/baseline.ts";
import { CONTEXT, startUseCaseWorld, type UseCaseWorld } from "../../../test/support/use-case-world.ts";
import { parseDockerScopes } from "../../domain/access/docker-scope.ts";
import { issueRegistryToken } from "./issue-registry-token.ts";

let world: UseCaseWorld;
beforeEach(async () => {
  world = await startUseCaseWorld({ registries: [aRegistry({ anonymousPull: ["acme/*"] })] });
});
afterEach(() => world.close());

/** The scope in the event of an anonymous request for `scope`. */
async function recordedScope(scope: string): Promise<string | undefined> {
  await issueRegistryToken(world.deps, { service: SERVICE, scopes: parseDockerScopes([scope]) }, CONTEXT);
  return world.trail.at(-1)?.scope;
}

it("gives an anonymous request no catalogue", async () => {
  expect(await recordedScope("registry:catalog:*")).toBe("");
});

it("records each repository that was granted, between spaces", async () => {
  expect(await recordedScope("repository:acme/app:pull,push repository:acme/base:pull")).toBe(
    "repository:acme/app:pull repository:acme/base:pull",
  );
});
