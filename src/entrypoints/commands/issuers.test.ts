import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ISSUER_URL, PUBLIC_URL } from "../../../test/support/baseline.ts";
import { type CommandWorld, newCommandWorld } from "../../../test/support/command-world.ts";
import { createPrivateCertificates } from "../../../test/support/private-certificates.ts";

let world: CommandWorld;
beforeEach(async () => {
  world = newCommandWorld();
  await world.put();
});
afterEach(() => world.remove());

const OTHER = "https://gitlab.example.com";

async function content(url: string): Promise<Record<string, unknown>> {
  return parse((await world.berth("issuers", "show", url)).out);
}

describe("berth issuers", () => {
  it("puts, lists, disables, enables and removes one", async () => {
    const { berth } = world;
    const file = world.file("issuer.yaml", `url: ${OTHER}\nprofile: gitlab\nmax_lifetime_seconds: 600\n`);
    expect(await berth("issuers", "put", file)).toEqual({ code: 0, out: `${OTHER}: written`, err: "" });
    expect((await berth("issuers", "disable", OTHER)).out).toBe(`${OTHER}: disabled`);
    expect((await berth("issuers", "list")).out.split("\n")).toEqual([
      "URL                         PROFILE  REPLAY  ENABLED  MANAGED BY",
      `${OTHER}  gitlab   jti     no       api`,
      `${ISSUER_URL}  generic  once    yes      api`,
    ]);
    expect((await berth("issuers", "enable", OTHER)).out).toBe(`${OTHER}: enabled`);
    expect((await berth("issuers", "remove", OTHER)).out).toBe(`${OTHER}: removed`);
    expect((await berth("issuers", "show", OTHER)).err).toContain("(issuer_unknown, request ");
  });

  it("shows one as a file has it, which writes it back unchanged", async () => {
    const shown = await content(ISSUER_URL);
    expect(shown).toMatchObject({ url: ISSUER_URL, profile: "generic", audiences: [PUBLIC_URL] });
    const { out } = await world.berth("issuers", "show", ISSUER_URL);
    const before = await world.inStore(({ directory }) => directory.readSystem());
    expect((await world.berth("issuers", "put", world.file("issuer.yaml", out))).code).toBe(0);
    const after = await world.inStore(({ directory }) => directory.readSystem());
    expect(after.issuers).toEqual(before.issuers);
  });

  it("sends along the CA that the file names beside it", async () => {
    const { caPem } = await createPrivateCertificates({ dns: ["gitlab.example.com"] });
    world.file("ca.pem", caPem);
    const file = world.file("issuer.yaml", `url: ${OTHER}\nprofile: gitlab\nca_file: ca.pem\n`);
    expect((await world.berth("issuers", "put", file)).code).toBe(0);
    expect((await content(OTHER)).ca_pem).toBe(caPem);
  });

  it.each([
    ["profile: gitlab\n", "issuer.yaml: url is required"],
    [`url: ${OTHER}\nca_file: nothing.pem\n`, "issuer.yaml: ca_file: names a file that cannot be read"],
  ])("asks nobody with the file %j", async (text, sentence) => {
    const { code, err } = await world.berth("issuers", "put", world.file("issuer.yaml", text));
    expect(code).toBe(2);
    expect(err).toContain(sentence);
  });

  it.each([
    [`url: ${OTHER}\nprofile: gitlab\nca_file: 1\n`],
    [`url: ${OTHER}\nnothing: 1\n`],
    ["url: http://gitlab.example.com\n"],
  ])("tells what the server says of the file %j, and writes nothing", async (text) => {
    const { code, err } = await world.berth("issuers", "put", world.file("issuer.yaml", text));
    expect(code).toBe(1);
    expect(err).toMatch(/^berth: .*\((?:request|name)_malformed, request .+\)$/);
    expect((await world.berth("issuers", "list", "--json")).out).not.toContain("gitlab");
  });

  it("removes one that rules name only when forced", async () => {
    const refused = await world.berth("issuers", "remove", ISSUER_URL);
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("(in_use, request ")]);
    expect((await world.berth("issuers", "remove", ISSUER_URL, "--force")).out).toBe(
      `${ISSUER_URL}: removed`,
    );
  });
});
