import { describe, expect, it } from "vitest";
import { PUBLIC_URL } from "../../test/support/baseline.ts";
import { CA } from "../../test/support/declaration-text.ts";
import { UnavailableError } from "../usecases/ports.ts";
import { createDeclarationReader } from "./declaration-reader.ts";

const KNOWN = { issuers: [], registries: [] };
const TEXT = "issuers: [{ url: https://ci.example.com, ca_file: ca.pem }]\n";
const FILE = { name: "a.yaml", text: TEXT, attachments: { "ca.pem": CA } };
const ACTOR = "token:1";
/** Seconds of work. */
const LARGE = {
  name: "large.yaml",
  text: `namespaces:\n${Array.from({ length: 20_000 }, (_, at) => `  - { name: team-${at}, robots: [] }\n`).join("")}`,
  attachments: {},
};

describe("createDeclarationReader", () => {
  const { read } = createDeclarationReader(PUBLIC_URL);

  it("gives the same in a thread as on the spot", async () => {
    const onTheSpot = await read([FILE], KNOWN, ACTOR);
    expect(onTheSpot).toMatchObject({ ok: true, value: { issuers: [{ keys: { caPem: CA } }] } });
    const inThread = createDeclarationReader(PUBLIC_URL, { smallLength: 0 });
    expect(await inThread.read([FILE], KNOWN, ACTOR)).toEqual(onTheSpot);
  }, 20_000);

  it.each([
    ["ca.pem", { "CA.pem": CA }],
    ["toString", {}],
    ["/etc/hostname", {}],
  ])("reads no file for %s", async (path, attachments) => {
    const text = TEXT.replace("ca.pem", path);
    expect(await read([{ ...FILE, text, attachments }], KNOWN, ACTOR)).toMatchObject({
      ok: false,
      error: [{ file: "a.yaml", path: "issuers[0].ca_file", message: "names a file that cannot be read" }],
    });
  });

  it("gives the issuers and registries that are known to the rules", async () => {
    const text =
      "namespaces: [{ name: acme, robots: [{ name: builder, permissions: [{ repository: acme/a, role: read }] }] }]";
    const known = { issuers: [], registries: ["registry.example.com"] };
    expect(await read([{ ...FILE, text }], known, ACTOR)).toMatchObject({
      ok: true,
      value: { namespaces: [{ robots: [{ permissions: [{ registry: "registry.example.com" }] }] }] },
    });
  });

  it("gives up on what takes too long, and says so", async () => {
    const hasty = createDeclarationReader(PUBLIC_URL, { deadlineMs: 1 });
    expect(await hasty.read([LARGE], KNOWN, ACTOR)).toEqual({
      ok: false,
      error: [
        {
          file: "large.yaml",
          line: 1,
          column: 1,
          path: "",
          message: "takes more than 0.001 s to read; apply it in parts",
        },
      ],
    });
  });

  it("takes so many at once and no more, and goes on when these are read", async () => {
    const reader = createDeclarationReader(PUBLIC_URL, { smallLength: 0, maxAtOnce: 2 });
    const two = [reader.read([FILE], KNOWN, ACTOR), reader.read([{ ...FILE, text: "a: 1" }], KNOWN, ACTOR)];
    await expect(reader.read([FILE], KNOWN, ACTOR)).rejects.toThrow(UnavailableError);
    expect((await Promise.all(two)).map(({ ok }) => ok)).toEqual([true, false]);
    expect(await reader.read([FILE], KNOWN, ACTOR)).toMatchObject({ ok: true });
  }, 20_000);

  it("takes so many of one caller, and then those of others alone", async () => {
    const reader = createDeclarationReader(PUBLIC_URL, { smallLength: 0, maxOfOne: 1 });
    const first = reader.read([FILE], KNOWN, ACTOR);
    await expect(reader.read([FILE], KNOWN, ACTOR)).rejects.toThrow(UnavailableError);
    expect(await reader.read([FILE], KNOWN, "token:2")).toMatchObject({ ok: true });
    await first;
    expect(await reader.read([FILE], KNOWN, ACTOR)).toMatchObject({ ok: true });
  }, 20_000);
});
