import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { anIssuer, ISSUER_URL } from "../../../test/support/baseline.ts";
import {
  BOTH_DEAD,
  CutOffWorld,
  ONE_DEAD,
  OPERATOR,
  OTHER,
  RECORDED,
} from "../../../test/support/cut-off-world.ts";
import { mintCredential } from "../../../test/support/minted-credential.ts";
import { err, ok } from "../../domain/result.ts";
import { cutOff } from "./cut-off.ts";

let world: CutOffWorld;
beforeEach(async () => {
  world = await CutOffWorld.start();
});
afterEach(() => world.close());

describe("an issuer", () => {
  const issuers = async () => (await world.directory.readSystem()).issuers;

  it("loses all that its identity tokens earned", async () => {
    await world.mintBoth();
    const what = `everything that identity tokens of ${ISSUER_URL} earned`;
    expect(await world.cut({ kind: "issuer", url: ISSUER_URL }, OPERATOR)).toEqual(
      ok({ ended: "all", what }),
    );
    expect(await world.states()).toEqual(BOTH_DEAD);
    expect(await issuers()).toEqual([{ ...anIssuer(), nonce: expect.stringMatching(/^[\w-]{22}$/) }]);
    expect(await world.cutOffs()).toEqual([
      { ...RECORDED, at: world.clock.now(), actor: "token:2", issuer: ISSUER_URL, detail: what },
    ]);
  });

  it("loses what they earned since a moment, and keeps what is older or another's", async () => {
    await mintCredential(world, OTHER);
    world.clock.advance(1000);
    const since = world.clock.seconds();
    const { credential } = await mintCredential(world);
    await mintCredential(world, { robot: "acme+third", issuer: "https://other.example.com" });
    const what = `what identity tokens of ${ISSUER_URL} earned since ${since} (Unix seconds)`;
    const before = await issuers();
    expect(await world.cut({ kind: "issuer", url: ISSUER_URL, since }, OPERATOR)).toEqual(
      ok({ ended: 1, what }),
    );
    expect(await world.states()).toMatchObject(ONE_DEAD);
    expect(await issuers()).toEqual(before);
    expect(await world.cutOffs()).toMatchObject([
      { issuer: ISSUER_URL, actor: "token:2", detail: `${what}: 1` },
      { issuer: ISSUER_URL, actor: "token:2", detail: what, credentialId: credential.id },
    ]);
    expect((await world.ledger.findCredential(credential.id))?.credential.revokedAt).toBe(since);
    expect(await world.cut({ kind: "issuer", url: ISSUER_URL, since }, OPERATOR)).toEqual(
      ok({ ended: 0, what }),
    );
  });

  it("loses them beyond the first page", async () => {
    const robots = Array.from({ length: 3 }, (_, at) => `acme+r${at}` as const);
    for (const robot of robots) await mintCredential(world, { robot });
    const paged = Object.assign(Object.create(world.ledger), {
      listCredentials: (query: Parameters<typeof world.ledger.listCredentials>[0]) =>
        world.ledger.listCredentials({ ...query, limit: 1 }),
      revoke: (...given: Parameters<typeof world.ledger.revoke>) => world.ledger.revoke(...given),
      record: (...given: Parameters<typeof world.ledger.record>) => world.ledger.record(...given),
    });
    const target = { kind: "issuer", url: ISSUER_URL, since: 0 } as const;
    expect(await cutOff({ ...world.cutOffDeps, ledger: paged }, target, OPERATOR)).toMatchObject(
      ok({ ended: 3 }),
    );
  });

  it("that is not registered is unknown, but for what it earned when it was", async () => {
    const url = "https://other.example.com";
    expect(await world.cut({ kind: "issuer", url }, OPERATOR)).toEqual(
      err({ reason: "issuer_unknown", detail: url }),
    );
    expect(await world.cut({ kind: "issuer", url, since: 0 }, OPERATOR)).toMatchObject(ok({ ended: 0 }));
  });
});
