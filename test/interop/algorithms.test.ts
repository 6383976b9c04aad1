import { createHmac } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { MAIN } from "./support/declaration.ts";
import { describeDistributions } from "./support/programs.ts";
import { startWorld, type World } from "./support/world.ts";

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

describeDistributions("a registry token of another algorithm", (program) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
    await world.startRegistry(program);
  });
  afterAll(() => world.close());

  /** What the registry answers to the claims of a good token under another header and signature. */
  async function statusOf(header?: object, sign: (input: string) => string = () => ""): Promise<number> {
    const good = await world.job.registryToken(
      await world.login("acme+builder"),
      MAIN,
      "repository:acme/app:pull",
    );
    const [goodHeader = "", payload = ""] = good.split(".");
    const { x5c } = JSON.parse(Buffer.from(goodHeader, "base64url").toString()) as { x5c: unknown };
    const input = `${encode({ typ: "JWT", x5c, ...header })}.${payload}`;
    const forged = `${input}.${sign(input)}`;
    const headers = { authorization: `Bearer ${header === undefined ? good : forged}` };
    return (await fetch(`http://127.0.0.1:${world.portOf(MAIN)}/v2/`, { headers })).status;
  }

  // attack 81
  it("is refused: HMAC under Berth's certificate, which anyone can read", async () => {
    const secret = await world.job.caPem();
    const mac = (input: string) => createHmac("sha256", secret).update(input).digest("base64url");
    expect(await statusOf({ alg: "HS256" }, mac)).toBe(401);
  });

  // attack 81
  it("is refused: none", async () => {
    expect(await statusOf({ alg: "none" })).toBe(401);
    expect(await statusOf()).toBe(200);
  });
});
