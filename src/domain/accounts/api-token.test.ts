import { describe, expect, it } from "vitest";
import { anApiToken } from "../../../test/support/baseline.ts";
import type { ApiScope } from "../access/api-scope.ts";
import { type ApiTokenContent, apiTokenProblem, auditViewOfApiToken } from "./api-token.ts";

const CONTENT: ApiTokenContent = {
  description: "deploys",
  scopes: ["rules:write"],
  namespaces: ["acme", "ann"],
};

describe("an API token as it is asked for", () => {
  it.each<{ what: string; change: Partial<ApiTokenContent> }>([
    { what: "the baseline", change: {} },
    { what: "no description", change: { description: "" } },
    { what: "as long a description as may be", change: { description: "x".repeat(1000) } },
    { what: "the shortest life", change: { expiresInSeconds: 60 } },
    { what: "the longest life", change: { expiresInSeconds: 366 * 86_400 } },
    { what: "one of its namespaces for a user", change: { user: "ann" } },
    {
      what: "as many namespaces as may be",
      change: { namespaces: Array.from({ length: 100 }, (_, at) => `n${at}`) },
    },
    { what: "the namespace of names of one component", change: { namespaces: ["_"] } },
    { what: "an operator's", change: { scopes: ["super:user"], namespaces: "all", user: "ann" } },
    { what: "an operator's with more", change: { scopes: ["org:read", "super:user"], namespaces: "all" } },
    {
      what: "an operator's readers",
      change: { scopes: ["org:read", "audit:read", "tokens:introspect"], namespaces: "all" },
    },
  ])("may have $what", ({ change }) => {
    expect(apiTokenProblem({ ...CONTENT, ...change })).toBeUndefined();
  });

  const LIFETIME = "the lifetime must be 60 to 31622400 seconds";
  const NAMESPACES = "namespaces must be 1 to 100 names, or all";
  const EVERYWHERE = "a token that changes something must name its namespaces";

  it.each<{ change: Partial<ApiTokenContent>; problem: string }>([
    { change: { description: "x".repeat(1001) }, problem: "description must be at most 1000 characters" },
    { change: { scopes: [] }, problem: "scopes must be one or more of the API scopes" },
    {
      change: { scopes: ["rules:write", "everything" as ApiScope] },
      problem: "scopes must be one or more of the API scopes",
    },
    { change: { expiresInSeconds: 59 }, problem: LIFETIME },
    { change: { expiresInSeconds: 366 * 86_400 + 1 }, problem: LIFETIME },
    { change: { expiresInSeconds: 600.5 }, problem: LIFETIME },
    { change: { expiresInSeconds: Number.NaN }, problem: LIFETIME },
    { change: { namespaces: [] }, problem: NAMESPACES },
    { change: { namespaces: Array.from({ length: 101 }, (_, at) => `n${at}`) }, problem: NAMESPACES },
    { change: { namespaces: ["acme", "Acme"] }, problem: "namespaces must be names of namespaces" },
    { change: { namespaces: "all" }, problem: EVERYWHERE },
    { change: { namespaces: "all", scopes: ["org:read", "org:admin"] }, problem: EVERYWHERE },
    {
      change: { scopes: ["super:user"] },
      problem: "super:user reaches every namespace: namespaces must be all",
    },
    { change: { user: "globex" }, problem: "user must be one of the namespaces" },
    {
      change: { user: "Ann", scopes: ["super:user"], namespaces: "all" },
      problem: "user must be the name of a namespace",
    },
  ])("has a problem with $change", ({ change, problem }) => {
    expect(apiTokenProblem({ ...CONTENT, ...change })).toBe(problem);
  });
});

it("shows an auditor all of an API token but its hash", () => {
  expect(auditViewOfApiToken(anApiToken({ description: "deploys", user: "acme" }))).toEqual({
    description: "deploys",
    scopes: ["org:admin"],
    namespaces: ["acme"],
    user: "acme",
    createdAt: 1_700_000_000,
    expiresAt: 1_900_000_000,
    createdBy: "operator",
  });
});
