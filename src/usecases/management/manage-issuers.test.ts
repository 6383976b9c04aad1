import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { anIssuer, aRule, ISSUER_URL } from "../../../test/support/baseline.ts";
import { A_JOB, AN_OPERATOR, aChangeBy, ManagementWorld } from "../../../test/support/management-world.ts";
import type { Caller } from "../../domain/accounts/caller.ts";
import type { DeclaredIssuer } from "../../domain/accounts/declaration.ts";
import type { TrustedIssuer } from "../../domain/identity/issuer.ts";
import { err, ok } from "../../domain/result.ts";
import type { ChangeContext } from "./change-context.ts";
import { deleteIssuer, findIssuer, listIssuers, putIssuer, setIssuerEnabled } from "./manage-issuers.ts";

const URL = "https://ci.example.com";
const DRAWN = expect.stringMatching(/^[A-Za-z0-9_-]{22}$/);
const VERSION = expect.stringMatching(/^[0-9a-f]{32}$/);

let world: ManagementWorld;
beforeEach(async () => {
  world = new ManagementWorld();
  await world.put({ robots: [{ rules: [] }] });
});
afterEach(() => world.close());

const OPERATOR = aChangeBy(AN_OPERATOR);

function declared(change: Partial<DeclaredIssuer> = {}): DeclaredIssuer {
  const { nonce: _, managedBy: __, ...issuer } = anIssuer({ url: URL });
  return { ...issuer, ...change };
}

const put = (change: Partial<DeclaredIssuer> = {}, context: ChangeContext = OPERATOR) =>
  putIssuer(world.deps, declared(change), context);
const stored = async (url = URL): Promise<TrustedIssuer | undefined> =>
  (await world.directory.readSystem()).issuers.find((issuer) => issuer.url === url);
const events = () => world.events();

describe("listIssuers and findIssuer", () => {
  it("show all but the nonce, by URL", async () => {
    await put();
    const { nonce: _, ...file } = anIssuer();
    const value = { ...declared(), managedBy: "api" };
    expect(await listIssuers(world.deps)).toEqual(
      ok([
        { value, version: VERSION },
        { value: file, version: VERSION },
      ]),
    );
    expect(await findIssuer(world.deps, URL)).toEqual(ok({ value, version: VERSION }));
  });

  it("list them so in whatever order a store has them", async () => {
    await put();
    const records = await world.directory.readSystem();
    const directory = Object.assign(Object.create(world.directory), {
      readSystem: async () => ({ ...records, issuers: records.issuers.toReversed() }),
    });
    expect(await listIssuers({ directory })).toEqual(await listIssuers(world.deps));
  });

  it("know no other", async () => {
    expect(await findIssuer(world.deps, URL)).toEqual(err({ reason: "issuer_unknown", detail: URL }));
  });

  it("refuse while the store does not answer", async () => {
    world.breakStore();
    expect(await listIssuers(world.deps)).toMatchObject(err({ reason: "store_unavailable" }));
    expect(await findIssuer(world.deps, URL)).toMatchObject(err({ reason: "store_unavailable" }));
  });
});

describe("putIssuer", () => {
  it("registers one, with its record", async () => {
    expect(await put()).toEqual(ok({ value: { ...declared(), managedBy: "api" }, version: VERSION }));
    expect(await stored()).toEqual({ ...declared(), nonce: DRAWN, managedBy: "api" });
    const { url: _, ...shown } = declared();
    expect(await events()).toEqual([
      {
        kind: "directory.changed",
        at: world.clock.now(),
        requestId: "request-1",
        clientAddress: "192.0.2.7",
        actor: "token:2",
        issuer: URL,
        changes: [{ object: `issuer ${URL}`, after: { ...shown, managedBy: "api" } }],
      },
    ]);
  });

  it("leaves the other issuers alone", async () => {
    await put();
    expect(await stored(ISSUER_URL)).toEqual(anIssuer());
  });

  it("replaces it with a new nonce where it is trusted for something else", async () => {
    await put();
    const first = await stored();
    await put({ audiences: ["other"] });
    const second = await stored();
    expect(second).toEqual({ ...first, audiences: ["other"], nonce: DRAWN });
    expect(second?.nonce).not.toBe(first?.nonce);
    expect((await events())[0]?.changes).toEqual([
      {
        object: `issuer ${URL}`,
        before: { audiences: declared().audiences },
        after: { audiences: ["other"] },
      },
    ]);
  });

  it("does nothing for what is there already", async () => {
    const first = await put();
    expect(await put()).toEqual(first);
    expect(await events()).toHaveLength(1);
  });

  it("changes the version that the caller has seen, and no other", async () => {
    const first = await put({}, aChangeBy(AN_OPERATOR));
    if (!first.ok) throw new Error(first.error.reason);
    const { version } = first.value;
    const condition = (ifMatch: string) => aChangeBy(AN_OPERATOR, { ifMatch });
    expect((await put({ maxLifetimeSeconds: 60 }, condition(version))).ok).toBe(true);
    expect(await put({ maxLifetimeSeconds: 90 }, condition(version))).toEqual(
      err({ reason: "precondition_failed" }),
    );
    expect(await put({ url: "https://new.example.com" }, condition("*"))).toEqual(
      err({ reason: "precondition_failed" }),
    );
    expect(await stored()).toMatchObject({ maxLifetimeSeconds: 60 });
  });

  it("refuses one that a file manages", async () => {
    expect(await put({ url: ISSUER_URL, enabled: false })).toEqual(
      err({ reason: "managed_elsewhere", detail: "file" }),
    );
    expect(await stored(ISSUER_URL)).toEqual(anIssuer());
  });
});

describe("setIssuerEnabled", () => {
  it("disables and enables, each time with a new nonce", async () => {
    await put();
    const first = await stored();
    expect(await setIssuerEnabled(world.deps, URL, false, OPERATOR)).toMatchObject(
      ok({ value: { enabled: false } }),
    );
    const second = await stored();
    await setIssuerEnabled(world.deps, URL, true, OPERATOR);
    const third = await stored();
    expect(third).toEqual({ ...first, nonce: DRAWN });
    expect(new Set([first?.nonce, second?.nonce, third?.nonce]).size).toBe(3);
  });

  it("changes nothing where it is so already", async () => {
    await put();
    await setIssuerEnabled(world.deps, URL, true, OPERATOR);
    expect(await events()).toHaveLength(1);
  });

  it("disables one that a file manages, which keeps its owner, and never enables it", async () => {
    expect((await setIssuerEnabled(world.deps, ISSUER_URL, false, OPERATOR)).ok).toBe(true);
    expect(await stored(ISSUER_URL)).toEqual({ ...anIssuer(), enabled: false, nonce: DRAWN });
    expect(await setIssuerEnabled(world.deps, ISSUER_URL, true, OPERATOR)).toEqual(
      err({ reason: "managed_elsewhere", detail: "file" }),
    );
  });

  it("knows no other", async () => {
    expect(await setIssuerEnabled(world.deps, URL, false, OPERATOR)).toEqual(
      err({ reason: "issuer_unknown", detail: URL }),
    );
  });
});

describe("deleteIssuer", () => {
  const remove = (url = URL, force = false, context = OPERATOR) =>
    deleteIssuer(world.deps, url, { force }, context);

  it("removes one that no rule names", async () => {
    await put();
    expect(await remove()).toEqual(ok(undefined));
    expect(await stored()).toBeUndefined();
    const { url: _, ...shown } = declared();
    expect((await events())[0]).toMatchObject({
      kind: "directory.changed",
      issuer: URL,
      changes: [{ object: `issuer ${URL}`, before: { ...shown, managedBy: "api" } }],
    });
  });

  it("refuses while rules name it, and says how many", async () => {
    await put();
    const rules = [aRule({ issuer: URL }), aRule({ id: "2" }), aRule({ id: "3", issuer: URL })];
    await world.put({ robots: [{ rules }, { name: "acme+other", rules: [aRule({ issuer: URL })] }] });
    expect(await remove()).toEqual(err({ reason: "in_use", detail: "rules that name it: 3" }));
    expect(await stored()).toBeDefined();
    expect(await remove(URL, true)).toEqual(ok(undefined));
    expect(await stored()).toBeUndefined();
  });

  it.each([
    { what: "an unknown one", url: URL, error: { reason: "issuer_unknown", detail: URL } },
    { what: "a file's", url: ISSUER_URL, error: { reason: "managed_elsewhere", detail: "file" } },
  ])("refuses $what", async ({ url, error }) => {
    expect(await remove(url, true)).toEqual(err(error));
    expect(await events()).toEqual([]);
  });
});

describe("nobody but an operator", () => {
  it.each<[string, Partial<Caller>]>([
    ["an administrator of namespaces", { namespaces: "all" }],
    ["a CI job", A_JOB],
    ["a CI job that somehow has every scope", { ...AN_OPERATOR, exchanged: true }],
  ])("writes an issuer: not %s", async (_, caller) => {
    const context = aChangeBy(caller);
    const refused = err({ reason: "insufficient_scope" });
    expect(await put({}, context)).toEqual(refused);
    expect(await setIssuerEnabled(world.deps, ISSUER_URL, false, context)).toEqual(refused);
    expect(await deleteIssuer(world.deps, ISSUER_URL, { force: true }, context)).toEqual(refused);
    expect(await stored(ISSUER_URL)).toEqual(anIssuer());
    expect(await events()).toEqual([]);
  });
});

describe("against others who write issuers", () => {
  /** Another process registers one just before each of the next `times` commits. */
  function overtaken(times: number) {
    let left = times;
    const directory = Object.assign(Object.create(world.directory), {
      commitSystem: async (change: Parameters<typeof world.directory.commitSystem>[0]) => {
        left -= 1;
        if (left >= 0) await world.put({ robots: [] });
        return world.directory.commitSystem(change);
      },
      readSystem: () => world.directory.readSystem(),
    });
    return putIssuer({ ...world.deps, directory }, declared(), OPERATOR);
  }

  it("tries again", async () => {
    expect((await overtaken(4)).ok).toBe(true);
    expect(await stored()).toBeDefined();
    expect(await events()).toHaveLength(1);
  });

  it("gives up after the fifth time", async () => {
    expect(await overtaken(5)).toEqual(err({ reason: "conflict" }));
    expect(await stored()).toBeUndefined();
  });
});
