import { describe, expect, it } from "vitest";
import { anIssuer, aRegistry } from "../../../test/support/baseline.ts";
import { bare } from "../../../test/support/planned-objects.ts";
import type { TrustedIssuer } from "../identity/issuer.ts";
import type { DeclaredIssuer, DeclaredRegistry } from "./declaration.ts";
import { planSystem } from "./system-plan.ts";

const OWNER = "file";
const URL = "https://issuer.example.com";
const CURRENT = { issuers: [anIssuer()], registries: [aRegistry()] };

function declaredIssuer(change: Partial<DeclaredIssuer> = {}): DeclaredIssuer {
  const { nonce, managedBy, ...content } = anIssuer(change);
  return content;
}

function declaredRegistry(change: Partial<DeclaredRegistry> = {}): DeclaredRegistry {
  const { managedBy, ...content } = aRegistry(change);
  return content;
}

function fullPlan(
  issuers: readonly DeclaredIssuer[],
  registries: readonly DeclaredRegistry[],
  current: { issuers: readonly TrustedIssuer[]; registries: typeof CURRENT.registries } = CURRENT,
  adopts = false,
) {
  let drawn = 0;
  return planSystem(
    current,
    { issuers, registries },
    {
      owner: OWNER,
      adopts,
      draw: () => {
        drawn += 1;
        return `drawn-${drawn}`;
      },
    },
  );
}

/** The plan without its views, which have a test of their own. */
function plan(...args: Parameters<typeof fullPlan>) {
  const planned = fullPlan(...args);
  return { ...planned, objects: bare(planned.objects) };
}

describe("planSystem", () => {
  it("creates what is not there, each issuer with a nonce of its own", () => {
    const other = declaredIssuer({ url: "https://other.example.com" });
    expect(plan([declaredIssuer(), other], [declaredRegistry()], { issuers: [], registries: [] })).toEqual({
      putIssuers: [
        { ...declaredIssuer(), nonce: "drawn-1", managedBy: OWNER },
        { ...other, nonce: "drawn-2", managedBy: OWNER },
      ],
      removeIssuers: [],
      putRegistries: [{ ...declaredRegistry(), managedBy: OWNER }],
      removeRegistries: [],
      objects: [
        { kind: "issuer", name: URL, outcome: "created" },
        { kind: "issuer", name: "https://other.example.com", outcome: "created" },
        { kind: "registry", name: "registry.example.com", outcome: "created" },
      ],
    });
  });

  it("has nothing to do for the same content", () => {
    expect(plan([declaredIssuer()], [declaredRegistry()])).toEqual({
      putIssuers: [],
      removeIssuers: [],
      putRegistries: [],
      removeRegistries: [],
      objects: [
        { kind: "issuer", name: URL, outcome: "unchanged" },
        { kind: "registry", name: "registry.example.com", outcome: "unchanged" },
      ],
    });
  });

  it("removes what is declared no more", () => {
    expect(plan([], [])).toMatchObject({
      putIssuers: [],
      removeIssuers: [URL],
      putRegistries: [],
      removeRegistries: ["registry.example.com"],
      objects: [
        { kind: "issuer", name: URL, outcome: "removed" },
        { kind: "registry", name: "registry.example.com", outcome: "removed" },
      ],
    });
  });

  it("neither overwrites nor removes what another owner has", () => {
    const current = {
      issuers: [anIssuer({ managedBy: "api" })],
      registries: [aRegistry({ managedBy: "api" })],
    };
    expect(plan([declaredIssuer({ enabled: false })], [], current)).toEqual({
      putIssuers: [],
      removeIssuers: [],
      putRegistries: [],
      removeRegistries: [],
      objects: [{ kind: "issuer", name: URL, outcome: "conflict", managedBy: "api" }],
    });
  });

  const INLINE = { kind: "inline", jwks: '{"keys":[]}', expiresAt: 1 } as const;
  it.each<{ what: string; change: Partial<DeclaredIssuer>; from?: Partial<TrustedIssuer> }>([
    { what: "disabled", change: { enabled: false } },
    { what: "enabled", change: {}, from: { enabled: false } },
    { what: "of fewer algorithms", change: { algorithms: ["RS256"] } },
    { what: "of another audience", change: { audiences: ["other"] } },
    { what: "of a longer lifetime", change: { maxLifetimeSeconds: 3601 } },
    { what: "of another profile", change: { profile: "gitlab" } },
    { what: "of another replay policy", change: { replay: "jti" } },
    {
      what: "on a private network",
      change: { keys: { kind: "discovery", jwksHosts: [], privateNetwork: true } },
    },
    {
      what: "with another key host",
      change: { keys: { kind: "discovery", jwksHosts: ["k"], privateNetwork: false } },
    },
    {
      what: "with a CA",
      change: { keys: { kind: "discovery", jwksHosts: [], privateNetwork: false, caPem: "c" } },
    },
    { what: "with inline keys", change: { keys: INLINE } },
    { what: "with other inline keys", change: { keys: INLINE }, from: { keys: { ...INLINE, expiresAt: 2 } } },
  ])("draws a nonce for an issuer that is $what", ({ change, from }) => {
    const { putIssuers, objects } = plan([declaredIssuer(change)], [], {
      issuers: [anIssuer(from)],
      registries: [],
    });
    expect(putIssuers).toEqual([{ ...declaredIssuer(change), nonce: "drawn-1", managedBy: OWNER }]);
    expect(objects).toEqual([{ kind: "issuer", name: URL, outcome: "changed" }]);
  });

  it("keeps the nonce of an issuer whose lists are in another order", () => {
    const keys = { kind: "discovery", jwksHosts: ["b", "a"], privateNetwork: false } as const;
    const old = anIssuer({ audiences: ["a", "b"], keys: { ...keys, jwksHosts: ["a", "b"] } });
    const declared = declaredIssuer({ audiences: ["b", "a"], algorithms: ["ES256", "RS256"], keys });
    expect(plan([declared], [], { issuers: [old], registries: [] }).putIssuers).toEqual([
      { ...declared, nonce: "issuer-nonce", managedBy: OWNER },
    ]);
  });

  it("changes a registry", () => {
    const declared = declaredRegistry({ tokenSeconds: 60 });
    expect(plan([declaredIssuer()], [declared])).toMatchObject({
      putRegistries: [{ ...declared, managedBy: OWNER }],
      objects: [{ outcome: "unchanged" }, { kind: "registry", outcome: "changed" }],
    });
  });

  it("adopts what the API made, where it is to, and the issuer's nonce stays", () => {
    const theirs = {
      issuers: [anIssuer({ managedBy: "api" })],
      registries: [aRegistry({ managedBy: "api" })],
    };
    expect(plan([declaredIssuer()], [declaredRegistry()], theirs, true)).toEqual({
      putIssuers: [anIssuer({ managedBy: OWNER })],
      removeIssuers: [],
      putRegistries: [aRegistry({ managedBy: OWNER })],
      removeRegistries: [],
      objects: [
        { kind: "issuer", name: URL, outcome: "changed" },
        { kind: "registry", name: "registry.example.com", outcome: "changed" },
      ],
    });
  });
});

it("a plan's views show what differs, without nonces", () => {
  const { objects } = fullPlan([declaredIssuer({ maxLifetimeSeconds: 600 })], []);
  expect(objects).toEqual([
    {
      kind: "issuer",
      name: URL,
      outcome: "changed",
      before: { maxLifetimeSeconds: 3600 },
      after: { maxLifetimeSeconds: 600 },
    },
    {
      kind: "registry",
      name: "registry.example.com",
      outcome: "removed",
      before: {
        url: "https://registry.example.com",
        tokenForm: "x5c",
        tokenSeconds: 300,
        anonymousPull: [],
        managedBy: OWNER,
      },
    },
  ]);
  const { nonce, managedBy, url, ...trust } = anIssuer();
  expect(fullPlan([declaredIssuer()], [], { issuers: [], registries: [] }).objects).toEqual([
    { kind: "issuer", name: URL, outcome: "created", after: { ...trust, managedBy: OWNER } },
  ]);
});
