import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import {
  aNamespace,
  aNearMiss,
  anEvent,
  anIssuer,
  aRobot,
  ISSUER_URL,
  PUBLIC_URL,
} from "../../../test/support/baseline.ts";
import { systemClock } from "../../adapters/runtime/system-clock.ts";
import type { NearMiss } from "../../domain/near-miss.ts";
import { readSettings } from "../read-settings.ts";
import { openStores } from "../stores.ts";
import { nearMisses } from "./near-misses.ts";

let folder: string;
let printed: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "berth-near-"));
  printed = [];
  for (const way of ["log", "error"] as const) {
    vi.spyOn(console, way).mockImplementation((line: unknown) => void printed.push(String(line)));
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

const environment = () => ({
  BERTH_PUBLIC_URL: PUBLIC_URL,
  BERTH_DATA_DIR: folder,
  BERTH_ENCRYPTION_KEY: `k1:${Buffer.alloc(32, 7).toString("base64")}`,
});

async function keep(others: number, ...misses: readonly Partial<NearMiss>[]): Promise<void> {
  const { directory, nearMisses: store, close } = await openStores(readSettings(environment()), systemClock);
  const event = anEvent(1, { kind: "directory.changed" });
  await directory.commitSystem({
    fromRevision: 0,
    putIssuers: [anIssuer({ profile: "github" })],
    removeIssuers: [],
    putRegistries: [],
    removeRegistries: [],
    event,
  });
  await directory.commitNamespace({
    name: "acme",
    fromRevision: 0,
    namespace: aNamespace(),
    putRobots: [aRobot()],
    removeRobots: [],
    event,
  });
  const now = systemClock.now();
  const sightings = misses.map((change, at) => ({
    miss: aNearMiss({ id: `id-${at}`, ...change }),
    at: now,
    requestId: `request-${at}`,
  }));
  await store.keep("acme", sightings, others, now);
  close();
}

function run(values: Readonly<Record<string, unknown>> = {}, namespace = "acme"): Promise<number> {
  return nearMisses.run({ values, positionals: [namespace], environment: environment() });
}

const WEB = { iss: ISSUER_URL, sub: "repo:acme/web:x", repository_id: "4712", repository_owner_id: "42" };

describe("berth near-misses", () => {
  it("lists them by robot and tenant, numbered, and counts the others", async () => {
    await keep(
      7,
      { claims: WEB },
      { robot: "acme+other", claims: { iss: ISSUER_URL }, denied: "a fork's job" },
    );
    expect(await run()).toBe(0);
    expect(printed.join("\n").split("\n")).toEqual([
      'acme+builder, tenant "repository_owner_id=42"',
      '  1. "repo:acme/web:x"',
      expect.stringMatching(/^ {5}1 time, last 20\d\d-.*Z, request request-0$/),
      `     iss: "${ISSUER_URL}"`,
      '     repository_id: "4712"',
      '     repository_owner_id: "42"',
      'acme+other, tenant "repository_owner_id=42"',
      "  2. (subject not kept)",
      expect.stringMatching(/request request-1$/),
      "     refused unless a rule asks for it: a fork's job",
      `     iss: "${ISSUER_URL}"`,
      "others, of tenants that no rule names: 7",
    ]);
  });

  it("says that there are none", async () => {
    await keep(0);
    expect(await run()).toBe(0);
    expect(printed.join("\n")).toBe(
      "no near misses in the last 30 days\nothers, of tenants that no rule names: 0",
    );
  });

  it("gives the list as JSON", async () => {
    await keep(1, { claims: WEB });
    expect(await run({ json: true })).toBe(0);
    expect(JSON.parse(printed.join("\n"))).toMatchObject({
      near_misses: [{ claims: WEB }],
      strangers: 1,
    });
  });

  it("proposes a rule as a declaration file has it, with what to mind", async () => {
    await keep(0, { claims: WEB, denied: "a pull request's job" });
    expect(await run({ propose: "1" })).toBe(0);
    const text = printed.join("\n");
    expect(parse(text)).toEqual([
      {
        issuer: ISSUER_URL,
        subject: "repo:acme/web:x",
        claims: { repository_id: "4712", repository_owner_id: "42" },
        ttl_seconds: 900,
      },
    ]);
    expect(text).toContain("# and make sure that the job is yours and should push. Then run `berth check`");
    expect(text).toContain("#   a pull request's job");
  });

  it("keeps a value within its quotes, and off the terminal", async () => {
    const sub = 'repo:acme/web:x"\n- issuer: evil\u001b[2J\u202e';
    await keep(0, { claims: { ...WEB, sub } });
    expect(await run({ propose: "1" })).toBe(0);
    expect(parse(printed.join("\n"))).toHaveLength(1);
    expect(parse(printed.join("\n"))).toMatchObject([{ subject: sub }]);
    for (const hidden of ["\u001b", "\u202e"]) expect(printed.join("\n")).not.toContain(hidden);
  });

  it("tells what the linter says of the rule", async () => {
    await keep(0, {
      profile: "generic",
      tenant: "iss=x",
      claims: { iss: ISSUER_URL, sub: aRobot().rules[0]?.subject ?? "" },
    });
    expect(await run({ propose: "1" })).toBe(0);
    expect(printed.join("\n")).toMatch(/^# (?:refuse|warn): .* \[[a-z-]+\]$/m);
  });

  it.each(["0", "2", "x", "-1"])("takes no number %s of a list of one", async (propose) => {
    await keep(0, { claims: WEB });
    expect(await run({ propose })).toBe(2);
    expect(printed).toEqual(["berth: --propose takes a number of the list, 1 to 1"]);
  });

  it("says why there is no proposal", async () => {
    await keep(0, { claims: { iss: ISSUER_URL } });
    expect(await run({ propose: "1" })).toBe(1);
    expect(printed.join()).toContain("BERTH_NEAR_MISS_PERSONAL=true");
  });

  it("refuses a namespace that does not exist", async () => {
    await keep(0);
    expect(await run({}, "nowhere")).toBe(1);
    expect(printed).toEqual([
      expect.stringMatching(/^berth: There is no such namespace \(namespace_unknown, request .+\)$/),
    ]);
  });
});
