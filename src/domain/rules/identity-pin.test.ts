import { describe, expect, it } from "vitest";
import { asVerifiedClaims } from "../identity/claims.ts";
import { profileNamed } from "../identity/profiles/all.ts";
import { JsonNumber, type JsonValue } from "../identity/strict-json.ts";
import { err, ok } from "../result.ts";
import type { FederationRule } from "./federation-rule.ts";
import { canPin, formatIds, identityDrift, idsToPin } from "./identity-pin.ts";

type Names = Pick<FederationRule, "subject" | "claims">;
type Claims = Readonly<Record<string, JsonValue>>;

const BRANCH = "repo:acme/app:ref:refs/heads/main";
const GITHUB: Claims = {
  sub: BRANCH,
  repository: "acme/app",
  repository_id: "4711",
  repository_owner: "acme",
  repository_owner_id: "42",
  actor: "main",
  actor_id: "7",
};
const NOTHING = err("no name with an id behind it in the rule");
const BOTH = { repository_id: "4711", repository_owner_id: "42" };

function verified(claims: Claims) {
  return asVerifiedClaims(new Map(Object.entries(claims)));
}

function rule(subject: string, claims: Names["claims"] = {}): Names {
  return { subject, claims };
}

describe("idsToPin", () => {
  it.each<{ what: string; names: Names; ids: Record<string, string> }>([
    { what: "a repository and its owner, by an exact subject", names: rule(BRANCH), ids: BOTH },
    { what: "both, by a subject for all its branches", names: rule("repo:acme/app:*"), ids: BOTH },
    { what: "both, in another case", names: rule("repo:Acme/App:**"), ids: BOTH },
    {
      what: "the owner, by a subject for all its repositories",
      names: rule("repo:acme/*:ref:refs/heads/main"),
      ids: { repository_owner_id: "42" },
    },
    {
      what: "the owner, by its claim",
      names: rule("**", { repository_owner: ["acme"] }),
      ids: { repository_owner_id: "42" },
    },
    {
      what: "what stands behind each claim of the rule, the actor's included",
      names: rule("**", { repository: ["acme/app"], actor: ["main"], ref: ["refs/heads/main"] }),
      ids: { repository_id: "4711", actor_id: "7" },
    },
    {
      what: "no id that the rule names itself",
      names: rule(BRANCH, { repository_id: ["4711"] }),
      ids: { repository_owner_id: "42" },
    },
    {
      what: "no id that the rule names with a wildcard",
      names: rule(BRANCH, { repository_id: ["*"] }),
      ids: { repository_owner_id: "42" },
    },
    {
      what: "nothing where the rule names all of them",
      names: rule(BRANCH, { repository_id: ["4711"], repository_owner_id: ["42"] }),
      ids: {},
    },
    {
      what: "the owner that ends a subject",
      names: rule("repository_owner:acme"),
      ids: BOTH,
    },
    {
      what: "the second of two places, where the first is part of another name",
      names: rule("repo:acme-x/y:owner:acme:*"),
      ids: { repository_owner_id: "42" },
    },
  ])("gives $what", ({ names, ids }) => {
    expect(idsToPin(names, verified(GITHUB), profileNamed("github"))).toStrictEqual(ok(ids));
  });

  it.each<{ what: string; names: Names }>([
    { what: "any subject", names: rule("**") },
    { what: "a wildcard in the owner's name", names: rule("repo:acme*/app:**") },
    { what: "a wildcard in a longer name than the owner's", names: rule("repo:acmex*/app:**") },
    { what: "the owner's name behind a wildcard", names: rule("repo:*/app:owner:acme:*") },
    { what: "another owner, of whose name this one is a part", names: rule("repo:x-acme/*:**") },
    { what: "one of two names", names: rule("**", { repository: ["acme/app", "acme/other"] }) },
    { what: "a pattern for a name", names: rule("**", { repository: ["acme/*"] }) },
    { what: "no value for a name", names: rule("**", { repository: [] }) },
    { what: "claims without an id", names: rule("**", { ref: ["refs/heads/main"] }) },
    { what: "a branch of the name of the actor", names: rule("ref:refs/heads/main:*") },
    { what: "a branch of that name behind a wildcard", names: rule("*:ref:refs/heads/main") },
    { what: "a subject that carries the ids", names: rule("repo:x@42/y@4711:ref:refs/heads/main") },
  ])("gives nothing to pin for $what", ({ names }) => {
    expect(idsToPin(names, verified(GITHUB), profileNamed("github"))).toStrictEqual(NOTHING);
  });

  it.each<[string, JsonValue | undefined]>([
    ["is absent", undefined],
    ["is empty", ""],
    ["is null", null],
    ["is a list", ["4711"]],
    ["is longer than any id", "4".repeat(256)],
  ])("fails when the id %s", (_, value) => {
    const claims = new Map(verified(GITHUB));
    if (value === undefined) claims.delete("repository_id");
    else claims.set("repository_id", value);
    const ids = idsToPin(rule(BRANCH), asVerifiedClaims(claims), profileNamed("github"));
    expect(ids).toStrictEqual(err("claim repository_id"));
  });

  it("takes an id of 255 characters, and the digits of a number", () => {
    const claims = { ...GITHUB, repository_id: "4".repeat(255), repository_owner_id: new JsonNumber("42") };
    const ids = idsToPin(rule(BRANCH), verified(claims), profileNamed("github"));
    expect(ids).toStrictEqual(ok({ repository_id: "4".repeat(255), repository_owner_id: "42" }));
  });

  it("takes a nested id", () => {
    const claims = {
      sub: "system:serviceaccount:ci:builder",
      "kubernetes.io": new Map([["serviceaccount", new Map([["uid", "uid-1"]])]]),
    };
    const ids = idsToPin(rule(claims.sub), verified(claims), profileNamed("kubernetes"));
    expect(ids).toStrictEqual(ok({ "/kubernetes.io/serviceaccount/uid": "uid-1" }));
  });

  it("takes the subject as the id where it is one, unless the rule writes it", () => {
    const google = profileNamed("google");
    const claims = verified({ sub: "112233445566778899001", email: "ci@example.com" });
    expect(idsToPin(rule("**", { email: ["ci@example.com"] }), claims, google)).toStrictEqual(
      ok({ sub: "112233445566778899001" }),
    );
    const named = rule("112233445566778899001", { email: ["ci@example.com"] });
    expect(idsToPin(named, claims, google)).toStrictEqual(ok({}));
  });

  it("gives nothing to pin for a name without an id", () => {
    const profile = { ...profileNamed("github"), recyclable: [{ claim: "sub" }] };
    expect(canPin(rule(BRANCH), profile)).toBe(false);
    expect(idsToPin(rule(BRANCH), verified(GITHUB), profile)).toStrictEqual(NOTHING);
  });

  it.each(["repo:acme/*:**", "repo:undefined/*:**"])(
    "knows nothing of a token that lacks the tenant's name, for the subject %s",
    (subject) => {
      const claims = verified({ sub: BRANCH });
      expect(idsToPin(rule(subject), claims, profileNamed("github"))).toStrictEqual(NOTHING);
    },
  );
});

describe("canPin", () => {
  it.each<[boolean, string, Names]>([
    [true, "github", rule(BRANCH)],
    [true, "github", rule("repo:acme/*:**")],
    [true, "github", rule("**", { repository: ["acme/app"] })],
    [true, "github", rule(BRANCH, { repository_id: ["4711"] })],
    [false, "github", rule("**")],
    [false, "github", rule("repo:acme*:**")],
    [false, "github", rule("repo:acme@42/app@4711:**")],
    [false, "github", rule("repo:acme@42/app@4711:ref:refs/heads/main")],
    [false, "github", rule("**", { repository_id: ["4711"] })],
    [true, "google", rule("**", { email: ["ci@example.com"] })],
    [false, "google", rule("112233445566778899001", { email: ["ci@example.com"] })],
    [true, "kubernetes", rule("system:serviceaccount:ci:builder")],
    [false, "generic", rule(BRANCH)],
    [false, "jenkins", rule("https://jenkins.example.com/job/app/")],
    [false, "bitbucket", rule("x")],
  ])("says %s for %s and %j", (expected, profile, names) => {
    expect(canPin(names, profileNamed(profile))).toBe(expected);
  });
});

describe("identityDrift", () => {
  it.each<[string, Claims]>([
    ["the same ids", GITHUB],
    ["another id that is not pinned", { ...GITHUB, actor_id: "8", actor: "else" }],
    ["an id as a number", { ...GITHUB, repository_id: new JsonNumber("4711") }],
  ])("finds none in %s", (_, claims) => {
    expect(identityDrift(BOTH, verified(claims))).toBeUndefined();
  });

  const PINNED = "pinned repository_id 4711, repository_owner_id 42; shown";
  // attack 67
  it.each<[string, Claims, string]>([
    ["another repository", { repository_id: "815" }, "repository_id 815, repository_owner_id 42"],
    ["another owner", { repository_owner_id: "9" }, "repository_id 4711, repository_owner_id 9"],
    ["a digit more", { repository_id: "47110" }, "repository_id 47110, repository_owner_id 42"],
    ["a digit less", { repository_id: "471" }, "repository_id 471, repository_owner_id 42"],
    ["another spelling", { repository_id: "04711" }, "repository_id 04711, repository_owner_id 42"],
    [
      "a number in another form",
      { repository_id: new JsonNumber("4711.0") },
      "repository_id 4711.0, repository_owner_id 42",
    ],
    ["no id", { repository_id: null }, "repository_id absent, repository_owner_id 42"],
    ["a list", { repository_id: ["4711"] }, "repository_id absent, repository_owner_id 42"],
    [
      "a very long id, which it shortens",
      { repository_id: `4711${"0".repeat(300)}` },
      `repository_id 4711${"0".repeat(251)}, repository_owner_id 42`,
    ],
  ])("tells of %s", (_, change, shown) => {
    expect(identityDrift(BOTH, verified({ ...GITHUB, ...change }))).toBe(`${PINNED} ${shown}`);
  });
});

it("formatIds names each claim", () => {
  expect(formatIds(BOTH)).toBe("repository_id 4711, repository_owner_id 42");
});
