import { afterEach, beforeEach, expect, it } from "vitest";
import { aNearMiss, ISSUER_URL, SUBJECT } from "../../../test/support/baseline.ts";
import { startTestBerth, type TestBerth } from "../../../test/support/berth-app.ts";
import type { NearMiss } from "../../domain/near-miss.ts";
import { err } from "../../domain/result.ts";
import { reviewNearMisses } from "./review-near-misses.ts";

let berth: TestBerth;
beforeEach(async () => {
  berth = await startTestBerth({
    issuer: { url: ISSUER_URL, profile: "github" },
    rule: { issuer: ISSUER_URL },
  });
});
afterEach(() => berth.close());

async function review(...misses: readonly Partial<NearMiss>[]) {
  const now = berth.clock.now();
  const sightings = misses.map((change, at) => ({
    miss: aNearMiss({ id: `id-${at}`, ...change }),
    at: now + at,
    requestId: `request-${at}`,
  }));
  await berth.nearMisses.keep("acme", sightings, 3, now);
  const outcome = await reviewNearMisses(berth, "acme");
  if (!outcome.ok) throw new Error(outcome.error.reason);
  return outcome.value;
}

it("lists by robot, tenant and subject, and not by time", async () => {
  const claims = { iss: ISSUER_URL, sub: "a" };
  const { misses, others } = await review(
    { robot: "acme+other" },
    { tenant: "repository_owner_id=43" },
    {},
    { claims },
    { claims: { iss: ISSUER_URL } },
  );
  expect(misses.map(({ miss }) => miss.id)).toEqual(["id-4", "id-3", "id-2", "id-1", "id-0"]);
  expect(others).toBe(3);
});

it("gives each its proposal, with what the linter says of it", async () => {
  const [first] = (await review({ claims: { ...aNearMiss().claims, sub: "repo:acme/web:x" } })).misses;
  expect(first).toMatchObject({
    times: 1,
    requestIds: ["request-0"],
    proposal: {
      ok: true,
      value: {
        rule: {
          issuer: ISSUER_URL,
          subject: "repo:acme/web:x",
          claims: { repository_id: ["4711"], repository_owner_id: ["42"] },
        },
        findings: [],
      },
    },
  });
});

it("lints it behind the rules that the robot has", async () => {
  const wide = { issuer: ISSUER_URL, subject: "repo:acme/**", claims: { repository_owner_id: ["42"] } };
  await berth.put({ issuer: { url: ISSUER_URL, profile: "github" }, rule: wide });
  const [first] = (await review({})).misses;
  expect(first?.proposal.ok && first.proposal.value.findings.map(({ code }) => code)).toContain(
    "unreachable-rule",
  );
});

it("has a proposal for a robot that is not there, and none where a value would be a pattern", async () => {
  const { misses } = await review(
    { robot: "acme+nobody" },
    { claims: { iss: ISSUER_URL, sub: `${SUBJECT}*` } },
  );
  expect(misses.map(({ proposal }) => (proposal.ok ? proposal.value.rule.subject : proposal.error))).toEqual([
    "wildcard_in_value",
    SUBJECT,
  ]);
});

it("refuses a namespace that does not exist, and one when the store is down", async () => {
  expect(await reviewNearMisses(berth, "nowhere")).toEqual(err({ reason: "namespace_unknown" }));
  berth.breakStore();
  expect(await reviewNearMisses(berth, "acme")).toMatchObject({ error: { reason: "store_unavailable" } });
});
