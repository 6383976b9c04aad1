import { expect, it } from "vitest";
import { claimsOf } from "../../../test/support/claims.ts";
import { profileNamed } from "./profiles/all.ts";
import { tenantOfToken } from "./token-tenant.ts";

it.each<{ what: string; profile: string; claims: Record<string, unknown>; tenant: string }>([
  {
    what: "every id that there is",
    profile: "github",
    claims: {
      sub: "repo:acme/app:x",
      repository_id: "4711",
      repository_owner_id: "42",
      repository: "acme/app",
    },
    tenant: "repository_id=4711 repository_owner_id=42",
  },
  {
    what: "names, where there is no id",
    profile: "github",
    claims: { sub: "repo:acme/app:x", repository: "acme/app", repository_owner: "acme" },
    tenant: "repository=acme/app repository_owner=acme",
  },
  { what: "the subject, where there is neither", profile: "github", claims: { sub: "x" }, tenant: "sub=x" },
  {
    what: "the subject of a family without tenants, whatever claims there are",
    profile: "kubernetes",
    claims: { sub: "system:serviceaccount:ci:build", repository_id: "4711" },
    tenant: "sub=system:serviceaccount:ci:build",
  },
  {
    what: "nothing of an id that is empty",
    profile: "github",
    claims: { sub: "x", repository_id: "" },
    tenant: "sub=x",
  },
  {
    what: "as much as has room",
    profile: "generic",
    claims: { sub: "x".repeat(300) },
    tenant: `sub=${"x".repeat(255)}`,
  },
  { what: "an empty subject", profile: "generic", claims: {}, tenant: "sub=" },
])("a token's tenant is $what", ({ profile, claims, tenant }) => {
  expect(tenantOfToken(claimsOf(claims), profileNamed(profile))).toBe(tenant);
});
