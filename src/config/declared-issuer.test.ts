import { describe, expect, it } from "vitest";
import { PUBLIC_URL } from "../../test/support/baseline.ts";
import { aFile, changedText, DECLARATION, problemsOf } from "../../test/support/declaration-text.ts";
import { parseDeclaration } from "./declaration-file.ts";

describe("a declared issuer", () => {
  const JWKS = "jwks: { keys: [{ kty: EC }] }";
  const EXPIRES = "jwks_expires: 2030-01-31";
  it.each([
    {
      from: "registries:\n",
      to: "  - { url: https://issuer.example.com, audiences: [other] }\nregistries:\n",
      problem: "f:7:12: issuers[1].url: stands twice; first at f:3:10",
    },
    {
      from: "ca_file: ca.pem",
      to: "ca_file: none.pem",
      problem: "f:5:14: issuers[0].ca_file: names a file that cannot be read",
    },
    {
      from: "ca_file: ca.pem",
      to: "ca_file: key.pem",
      problem: "f:5:14: issuers[0].ca_file: holds a private key; leave it out",
    },
    {
      from: "ca_file: ca.pem",
      to: "ca_file: empty.pem",
      problem: "f:5:14: issuers[0].ca_file: holds no certificate in PEM form",
    },
    {
      from: "ca_file: ca.pem",
      to: "ca_pem: none",
      problem: "f:5:13: issuers[0].ca_pem: holds no certificate in PEM form",
    },
    {
      from: "ca_file: ca.pem",
      to: "ca_file: ca.pem\n    ca_pem: none",
      problem: "f:6:13: issuers[0].ca_pem: must not stand beside ca_file",
    },
    {
      from: "ca_file: ca.pem\n    private_network: true",
      to: JWKS,
      problem:
        "f:5:11: issuers[0].jwks: needs jwks_expires beside it: nobody tells this server that a key was withdrawn",
    },
    {
      from: "ca_file: ca.pem\n    private_network: true",
      to: EXPIRES,
      problem: "f:5:19: issuers[0].jwks_expires: needs jwks beside it",
    },
    {
      from: "ca_file: ca.pem\n    private_network: true",
      to: `${JWKS}\n    ${EXPIRES}\n    ca_file: ca.pem`,
      problem: "f:7:14: issuers[0].ca_file: has no use beside jwks: nothing is fetched",
    },
    {
      from: "ca_file: ca.pem\n    private_network: true",
      to: `${JWKS}\n    ${EXPIRES}\n    private_network: false`,
      problem: "f:7:22: issuers[0].private_network: has no use beside jwks: nothing is fetched",
    },
    {
      from: "ca_file: ca.pem\n    private_network: true",
      to: `jwks: { keys: [{ kty: EC, d: x }] }\n    ${EXPIRES}`,
      problem: "f:5:20: issuers[0].jwks.keys[0]: is a private key; write its public half",
    },
    {
      from: "ca_file: ca.pem\n    private_network: true",
      to: `jwks: { keys: [{ kty: oct, k: x }] }\n    ${EXPIRES}`,
      problem: "f:5:20: issuers[0].jwks.keys[0]: is a private key; write its public half",
    },
  ])("refuses $problem", ({ from, to, problem }) => {
    expect(problemsOf(changedText(from, to))).toEqual([problem]);
  });

  it("throws on what is not the file's fault", () => {
    const broken = () => {
      throw new TypeError("a bug");
    };
    expect(() =>
      parseDeclaration([{ ...aFile(DECLARATION), readFile: broken }], {
        defaults: { publicUrl: PUBLIC_URL },
      }),
    ).toThrow("a bug");
  });
});
