import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { anApiToken, anEvent, aRegistry, aRule } from "../../../test/support/baseline.ts";
import { A_JOB, AN_OPERATOR, aChangeBy, ManagementWorld } from "../../../test/support/management-world.ts";
import { err, ok } from "../../domain/result.ts";
import { deleteNamespace, listReservations, releaseNamespace } from "./manage-namespaces.ts";

let world: ManagementWorld;
beforeEach(async () => {
  world = new ManagementWorld();
  await world.put();
});
afterEach(() => world.close());

const remove = (context = aChangeBy(), name = "acme") => deleteNamespace(world.deps, name, context);
const release = (context = aChangeBy(AN_OPERATOR)) =>
  releaseNamespace({ ...world.deps, apiTokens: world.apiTokens }, "acme", context);

describe("deleteNamespace", () => {
  it("removes it with its robots, reserves its name, and names where images may be left", async () => {
    const registries = [aRegistry(), aRegistry({ service: "second.example.com" })];
    await world.put({ registries });
    expect(await remove()).toEqual(ok({ registries: ["registry.example.com", "second.example.com"] }));
    expect(await world.namespace()).toBeUndefined();
    expect(await world.robot()).toBeUndefined();
    expect(await listReservations(world.deps)).toEqual(ok([{ name: "acme", since: world.clock.seconds() }]));
    expect(await world.events()).toMatchObject([
      {
        kind: "directory.changed",
        namespace: "acme",
        changes: [
          { object: "namespace acme", before: { kind: "organization", enabled: true, managedBy: "api" } },
        ],
      },
    ]);
  });

  it.each([
    {
      what: "one that a file manages",
      records: { namespace: { managedBy: "file" } },
      refusal: { reason: "managed_elsewhere", detail: "file" },
    },
    {
      what: "one with a robot that a file manages",
      records: { robots: [{}, { name: "acme+theirs", managedBy: "apply:team" }] },
      refusal: { reason: "managed_elsewhere", detail: "acme+theirs: apply:team" },
    },
    {
      what: "one with a robot that grants API scopes",
      records: { robots: [{ permissions: [], rules: [aRule({ apiScopes: ["robots:write"] })] }] },
      refusal: { reason: "administrative_robot", detail: "acme+builder" },
    },
  ] as const)("refuses $what, and writes nothing", async ({ records, refusal }) => {
    await world.put(records);
    expect(await remove()).toEqual(err(refusal));
    expect(await world.robot()).toBeDefined();
    expect(await world.events()).toEqual([]);
  });

  it("lets an operator remove one with a robot that grants API scopes", async () => {
    await world.put({ robots: [{ permissions: [], rules: [aRule({ apiScopes: ["robots:write"] })] }] });
    expect(await remove(aChangeBy(AN_OPERATOR))).toMatchObject({ ok: true });
  });

  it("refuses an unknown one, another version, and what an identity token earned", async () => {
    expect(await remove(aChangeBy(), "other")).toEqual(err({ reason: "namespace_unknown", detail: "other" }));
    expect(await remove(aChangeBy({}, { ifMatch: "x" }))).toEqual(err({ reason: "precondition_failed" }));
    expect(await remove(aChangeBy(A_JOB))).toEqual(err({ reason: "insufficient_scope" }));
    expect(await world.namespace()).toBeDefined();
  });

  it("looks at every robot of a namespace of more than a page", async () => {
    const robots = Array.from({ length: 501 }, (_, at) => ({ name: `acme+robot-${at}` as const }));
    await world.put({ robots: [...robots, { name: "acme+zz", managedBy: "file" }] });
    expect(await remove()).toEqual(err({ reason: "managed_elsewhere", detail: "acme+zz: file" }));
  });
});

describe("releaseNamespace", () => {
  it("frees the name, with its record", async () => {
    await remove();
    expect(await release()).toEqual(ok(undefined));
    expect(await listReservations(world.deps)).toEqual(ok([]));
    expect((await world.events())[0]).toEqual({
      kind: "namespace.released",
      at: world.clock.now(),
      requestId: "request-1",
      clientAddress: "192.0.2.7",
      actor: "token:2",
      namespace: "acme",
    });
  });

  it.each([
    { what: "one bound to it", token: { namespaces: ["acme", "other"] }, refused: true },
    { what: "one bound to another", token: { namespaces: ["other"] }, refused: false },
    { what: "an operator's", token: { namespaces: "all" }, refused: false },
    { what: "one that has expired", token: { namespaces: ["acme"], expiresAt: 1 }, refused: false },
  ] as const)("beside an API token, $what, is refused: $refused", async ({ token, refused }) => {
    await remove();
    const written = anApiToken({ expiresAt: world.clock.seconds() + 60, ...token });
    await world.apiTokens.add(written, anEvent(world.clock.now()));
    const detail = `API tokens bound to acme must be revoked first: ${written.id}`;
    expect(await release()).toEqual(refused ? err({ reason: "in_use", detail }) : ok(undefined));
    const reserved = refused ? [{ name: "acme", since: world.clock.seconds() }] : [];
    expect(await listReservations(world.deps)).toEqual(ok(reserved));
  });

  it("is refused while a robot of another namespace has a permission in it", async () => {
    await remove();
    const permissions = [{ registry: "registry.example.com", repository: "acme/*", role: "write" as const }];
    await world.put({
      namespace: { name: "other" },
      robots: [
        { name: "other+idle", permissions: [] },
        { name: "other+pusher", permissions },
      ],
    });
    const detail = "1 robots have permissions in acme, to be taken first: other+pusher";
    expect(await release()).toEqual(err({ reason: "in_use", detail }));
    expect(await listReservations(world.deps)).toEqual(ok([{ name: "acme", since: world.clock.seconds() }]));
  });

  it("is an operator's, and of a name that is reserved", async () => {
    expect(await release()).toEqual(err({ reason: "reservation_unknown", detail: "acme" }));
    await remove();
    expect(await release(aChangeBy())).toEqual(err({ reason: "insufficient_scope" }));
    expect(await world.events()).toHaveLength(1);
  });
});
