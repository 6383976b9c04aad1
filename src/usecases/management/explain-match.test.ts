import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  aNearMiss,
  anEvent,
  aRule,
  ISSUER_URL,
  PUBLIC_URL,
  SUBJECT,
} from "../../../test/support/baseline.ts";
import { type BerthChange, startTestBerth, type TestBerth } from "../../../test/support/berth-app.ts";
import type { AuditEvent } from "../../domain/audit-event.ts";
import { err } from "../../domain/result.ts";
import type { FederationRule } from "../../domain/rules/federation-rule.ts";
import { type ExplainQuestion, explainMatch } from "./explain-match.ts";

let berth: TestBerth;
beforeEach(async () => {
  berth = await startTestBerth(BASELINE);
});
afterEach(() => berth.close());

const rule = (change: Partial<FederationRule> = {}) => aRule({ issuer: ISSUER_URL, ...change });
const issuer = { url: ISSUER_URL };
const BASELINE: BerthChange = { issuer, robot: { rules: [rule()] } };
const TOKEN = {
  iss: ISSUER_URL,
  sub: SUBJECT,
  aud: PUBLIC_URL,
  iat: 1_700_000_000,
  exp: 1_700_000_300,
  environment: "production",
};

const explain = (question: ExplainQuestion, robot: `${string}+${string}` = "acme+builder") =>
  explainMatch(berth, robot, question);
const ofClaims = (change: Readonly<Record<string, unknown>> = {}): ExplainQuestion => ({
  kind: "claims",
  text: JSON.stringify({ ...TOKEN, ...change }),
});
const ofRequest: ExplainQuestion = { kind: "request", requestId: "request-1" };

async function explained(question: ExplainQuestion) {
  const outcome = await explain(question);
  if (!outcome.ok) throw new Error(outcome.error.reason);
  return outcome.value;
}

describe("of claims", () => {
  it("names the rule that decides, and what each of the others lacks", async () => {
    const rules = [
      rule({ id: "a", claims: { environment: ["staging"] } }),
      rule({ id: "b" }),
      rule({ id: "c" }),
    ];
    await berth.put({ issuer, robot: { rules } });
    const answer = await explained(ofClaims());
    expect(answer).toMatchObject({
      robot: "acme+builder",
      robotEnabled: true,
      decidingRule: "b",
      pins: [],
      outcome: "met",
    });
    expect(answer.rules.map(({ ruleId, firstFailure }) => [ruleId, firstFailure])).toEqual([
      ["a", "claim environment"],
      ["b", undefined],
      ["c", undefined],
    ]);
    expect(answer).not.toHaveProperty("recorded");
  });

  it.each<{ what: string; change?: BerthChange; claims?: Readonly<Record<string, unknown>> }>([
    { what: "no rule matches", claims: { sub: "x" } },
    { what: "the robot is disabled", change: { robot: { rules: [rule()], enabled: false } } },
    { what: "the namespace is disabled", change: { ...BASELINE, namespace: { enabled: false } } },
    { what: "the robot has no rules", change: { robot: { rules: [] } } },
    { what: "the issuer is disabled", change: { ...BASELINE, issuer: { ...issuer, enabled: false } } },
    { what: "the issuer is unknown", claims: { iss: "https://stranger.example.com" } },
    { what: "the issuer is no text", claims: { iss: 1 } },
    { what: "the audience is another's", claims: { aud: "x" } },
    { what: "it lives too long", claims: { exp: TOKEN.iat + 3601 } },
    { what: "there is no sub", claims: { sub: null } },
  ])("says that it fails when $what", async ({ change, claims }) => {
    await berth.put({ ...BASELINE, ...change, issuer: { ...issuer, ...change?.issuer } });
    expect((await explained(ofClaims(claims))).outcome).toBe("failed");
  });

  it("holds what the deciding rule has pinned against them", async () => {
    await berth.put({
      issuer: { ...issuer, profile: "github" },
      robot: { rules: [rule({ pin: "first-use" })] },
    });
    const account = await berth.directory.findAccount("acme+builder");
    const pins = { [account?.robot.rules[0]?.id ?? ""]: { repository_id: "4711" } };
    const directory = {
      readSystem: () => berth.directory.readSystem(),
      findAccount: async () => account && { ...account, pins },
    };
    const claims = {
      repository_id: "4712",
      repository_owner_id: "42",
      event_name: "push",
      ref: "refs/heads/main",
    };
    const answer = await explainMatch({ ...berth, directory }, "acme+builder", ofClaims(claims));
    expect(answer).toMatchObject({
      value: {
        outcome: "failed",
        decidingRule: "rule-1",
        pins: [{ condition: "pinned repository_id", outcome: "failed", wanted: ["4711"], said: ["4712"] }],
      },
    });
  });

  it("refuses a signed token, and what is no claims, before any store is asked", async () => {
    berth.breakStore();
    const token = await berth.issuer.sign();
    expect(await explain({ kind: "claims", text: token })).toEqual(err({ reason: "token_signed" }));
    expect(await explain({ kind: "claims", text: "x" })).toMatchObject({
      error: { reason: "claims_malformed" },
    });
    expect(await explain(ofClaims())).toMatchObject({ error: { reason: "store_unavailable" } });
  });

  it("refuses a robot that does not exist", async () => {
    expect(await explain(ofClaims(), "acme+nobody")).toEqual(err({ reason: "robot_unknown" }));
  });
});

describe("of a past refusal", () => {
  const refused = (change: Partial<AuditEvent> = {}) =>
    anEvent(berth.clock.now(), {
      kind: "exchange.refused",
      reason: "no_match",
      detail: "rule rule-1: subject",
      issuer: ISSUER_URL,
      subject: "repo:acme/web",
      ...change,
    });

  it("tells what was recorded, and holds it against the rules of today", async () => {
    await berth.ledger.record([refused(), refused({ requestId: "request-2", subject: "x" })]);
    const answer = await explained(ofRequest);
    expect(answer.recorded).toEqual({
      requestId: "request-1",
      at: berth.clock.now(),
      robot: "acme+builder",
      reason: "no_match",
      detail: "rule rule-1: subject",
      claims: { iss: ISSUER_URL, sub: "repo:acme/web" },
    });
    expect(answer.outcome).toBe("failed");
    expect(answer.rules[0]?.firstFailure).toBe("subject");
    expect(answer.issuerChecks.map(({ check }) => check)).toEqual(["issuer"]);
  });

  it("does not know what was not written down", async () => {
    await berth.put({ issuer, robot: { rules: [rule({ claims: { environment: ["production"] } })] } });
    await berth.ledger.record([refused({ subject: SUBJECT })]);
    expect((await explained(ofRequest)).outcome).toBe("unknown");
  });

  it("is met by a rule that was added since", async () => {
    await berth.ledger.record([refused({ subject: SUBJECT })]);
    expect((await explained(ofRequest)).outcome).toBe("met");
  });

  it("knows the claims of the near miss that it left, those of the run of the newest alone", async () => {
    const now = berth.clock.now();
    const claims = { ...aNearMiss().claims, sub: "repo:acme/web", run_id: "2" };
    const miss = aNearMiss({ claims });
    await berth.nearMisses.keep("acme", [{ miss, at: now, requestId: "request-1" }], 0, now);
    await berth.ledger.record([refused(), refused({ requestId: "request-2" })]);
    expect((await explained(ofRequest)).recorded?.claims).toEqual(claims);
    await berth.nearMisses.keep("acme", [{ miss, at: now, requestId: "request-2" }], 0, now);
    const { run_id: _, ...stable } = claims;
    expect((await explained(ofRequest)).recorded?.claims).toEqual(stable);
  });

  it("makes do with an event that says little", async () => {
    await berth.ledger.record([
      { kind: "exchange.refused", at: 1, requestId: "request-1", robot: "acme+x1" },
    ]);
    expect((await explained(ofRequest)).recorded).toEqual({
      requestId: "request-1",
      at: 1,
      robot: "acme+x1",
      reason: "",
      detail: "",
      claims: {},
    });
  });

  it.each<{ what: string; change: Partial<AuditEvent> }>([
    { what: "another namespace's", change: { robot: "other+builder" } },
    { what: "no robot's", change: { robot: "nobody" } },
    { what: "a grant", change: { kind: "exchange.granted" } },
    { what: "another request's", change: { requestId: "request-2" } },
  ])("does not find one that is $what", async ({ change }) => {
    await berth.ledger.record([refused(change)]);
    expect(await explain(ofRequest)).toEqual(err({ reason: "request_unknown" }));
  });

  it("finds it behind more events than two looks take in", async () => {
    await berth.ledger.record([refused({ subject: SUBJECT })]);
    const others = Array.from({ length: 40_001 }, (_, at) => refused({ requestId: `other-${at}` }));
    await berth.ledger.record(others);
    expect((await explained(ofRequest)).recorded?.requestId).toBe("request-1");
  });

  it("does not find one without a robot", async () => {
    const { robot: _, ...event } = refused();
    await berth.ledger.record([event]);
    expect(await explain(ofRequest)).toEqual(err({ reason: "request_unknown" }));
  });
});
