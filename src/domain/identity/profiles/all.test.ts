import { describe, expect, it } from "vitest";
import { claimsOf } from "../../../../test/support/claims.ts";
import { ALGORITHMS } from "../issuer.ts";
import { PROFILES, profileNamed, profileOf, provenanceOf } from "./all.ts";
import { generic } from "./generic.ts";
import { github } from "./github.ts";

describe("the list of issuer families", () => {
  it("has each name once", () => {
    const names = PROFILES.map(({ name }) => name);
    expect([...new Set(names)]).toEqual(names);
    expect(names.map(profileNamed)).toEqual(PROFILES);
  });

  it("takes an unknown URL to be of the last, the generic one", () => {
    const url = "https://nobody.example";
    expect(profileOf(url)).toBe(PROFILES.at(-1));
    expect(PROFILES.filter(({ recognises }) => recognises(url))).toEqual([generic]);
  });
});

describe.each(PROFILES)("the $name profile", (profile) => {
  it("has bounded defaults", () => {
    const { algorithms, maxLifetimeSeconds } = profile.defaults;
    expect(algorithms.filter((algorithm) => !ALGORITHMS.includes(algorithm))).toEqual([]);
    expect(algorithms).not.toEqual([]);
    expect(maxLifetimeSeconds).toBeGreaterThanOrEqual(300);
    expect(maxLifetimeSeconds).toBeLessThanOrEqual(86_400);
  });

  it("names no claim as a tenant that a job can choose", () => {
    const tenants = profile.tenants.map(({ claim }) => claim);
    expect(tenants.filter((claim) => profile.chosenByJob.includes(claim))).toEqual([]);
  });

  it("has an id behind each name that can be recycled, and takes no id for a name", () => {
    const names = profile.recyclable.map(({ claim }) => claim);
    expect(profile.recyclable.filter(({ id }) => id === undefined)).toEqual([]);
    expect(
      profile.recyclable.filter(({ id }) => id !== undefined && id !== "sub" && names.includes(id)),
    ).toEqual([]);
  });

  it("calls every tenant's name recyclable, with the same id", () => {
    const names = profile.tenants.filter(({ id }) => id !== undefined);
    expect(profile.recyclable).toEqual(expect.arrayContaining(names));
  });

  it("denies a job whose subject it cannot read, where it denies some by their subject", () => {
    const bySubject = profile.denials.filter(({ claim }) => claim === "sub");
    for (const sub of [undefined, null, 7, ["x"]]) {
      expect(bySubject.filter(({ denies }) => !denies(claimsOf({ sub })))).toEqual([]);
    }
  });

  it("says of no unverified token that it is fine", () => {
    // An empty token has no subject, so that no rule can match it.
    expect(profile.subjectSpellings(claimsOf({})) ?? []).toEqual([]);
  });
});

describe("provenanceOf", () => {
  it("keeps what a token has of it, as text", () => {
    const claims = claimsOf({ repository: "acme/app", run_id: 7, ref: null, sha: "", job_id: "1" });
    expect(provenanceOf(github, claims)).toStrictEqual({ repository: "acme/app", run_id: "7" });
  });
});
