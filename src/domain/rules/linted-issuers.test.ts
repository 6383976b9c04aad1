import { expect, it } from "vitest";
import { anIssuer } from "../../../test/support/baseline.ts";
import { generic } from "../identity/profiles/generic.ts";
import { github } from "../identity/profiles/github.ts";
import { lintedIssuers } from "./linted-issuers.ts";

const SHARED = "https://token.actions.githubusercontent.com";
const OWN = "https://github.acme.example/_services/token";

it("knows of each issuer its family, whether that URL is shared, its audiences and its replay policy", () => {
  const issuers = [
    anIssuer({ url: SHARED, profile: "github", audiences: ["a"], replay: "jti" }),
    anIssuer({ url: OWN, profile: "github", audiences: ["a", "b"], replay: "reusable" }),
    anIssuer({ url: "https://ci.example.com", profile: "of a later release", audiences: [] }),
  ];
  expect(lintedIssuers(issuers)).toEqual(
    new Map([
      [SHARED, { profile: github, shared: true, audiences: ["a"], replay: "jti" }],
      [OWN, { profile: github, shared: false, audiences: ["a", "b"], replay: "reusable" }],
      ["https://ci.example.com", { profile: generic, shared: false, audiences: [], replay: "once" }],
    ]),
  );
});
