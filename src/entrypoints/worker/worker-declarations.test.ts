import { expect, it } from "vitest";
import { createWorkerDeclarationReader } from "./worker-declarations.ts";

const KNOWN = { issuers: [], registries: [] };
const reader = createWorkerDeclarationReader("https://berth.example.com");

const read = (text: string) => reader.read([{ name: "berth.yaml", text, attachments: {} }], KNOWN, "admin");

const issuer = (more: string) => `issuers:\n  - url: https://ci.example.com\n${more}`;

it("reads a declaration", async () => {
  await expect(read(issuer(""))).resolves.toMatchObject({
    ok: true,
    value: { issuers: [{ url: "https://ci.example.com" }] },
  });
});

it("says which issuers Workers cannot reach, and what to do", async () => {
  await expect(read(issuer("    private_network: true\n"))).resolves.toEqual({
    ok: false,
    error: [
      {
        file: "berth.yaml",
        line: 1,
        column: 1,
        path: "issuers",
        message:
          "https://ci.example.com: a private network or a CA of its own (private_network, ca_pem) cannot be reached from Cloudflare Workers. Give its keys inline (jwks), or run Berth on Node",
      },
    ],
  });
});

it("refuses what would take too long to read, and tells a mistake as any server does", async () => {
  await expect(read(`# ${"x".repeat(512 * 1024)}`)).resolves.toMatchObject({
    ok: false,
    error: [{ message: "is longer than 512 KiB: apply it in parts" }],
  });
  await expect(read("issuer: []")).resolves.toMatchObject({
    ok: false,
    error: [{ file: "berth.yaml", line: 1 }],
  });
});
