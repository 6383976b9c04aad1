import { expect, it } from "vitest";
import { readInputs } from "./action-inputs.ts";

const BASELINE = { INPUT_REGISTRY: "registry.example.com", INPUT_ROBOT: "acme+builder" };
const PARSED = {
  registries: ["registry.example.com"],
  robot: "acme+builder",
  ifNoIdentity: "fail",
  scopes: [],
  server: undefined,
  isPrivate: true,
};

it.each([
  ["the two that are required", {}, {}],
  [
    "several registries, on lines",
    { INPUT_REGISTRY: "a.example.com\n  b.example.com:5000\n" },
    { registries: ["a.example.com", "b.example.com:5000"] },
  ],
  [
    "several scopes, whose commas are theirs",
    { INPUT_SCOPE: "repository:acme/app:pull,push\nrepository:acme/base:pull" },
    { scopes: ["repository:acme/app:pull,push", "repository:acme/base:pull"] },
  ],
  ["a lifetime", { INPUT_TTL: " 300 " }, { ttl: 300 }],
  ["a server", { INPUT_SERVER: "https://berth.example.com" }, { server: "https://berth.example.com" }],
  ["a job that may go on without", { "INPUT_IF-NO-IDENTITY": "skip" }, { ifNoIdentity: "skip" }],
])("takes %s", (_name, variables, change) => {
  expect(readInputs({ ...BASELINE, ...variables })).toEqual({ ok: true, value: { ...PARSED, ...change } });
});

it.each([
  ["registry", { INPUT_REGISTRY: " " }, "The input `registry` is missing: registry.example.com, for one."],
  ["robot", { INPUT_ROBOT: "" }, "The input `robot` is missing: acme+builder, for one."],
  ["ttl", { INPUT_TTL: "1h" }, "The input `ttl` is not a whole number of seconds."],
  [
    "if-no-identity",
    { "INPUT_IF-NO-IDENTITY": "ignore" },
    "The input `if-no-identity` is neither `fail` nor `skip`.",
  ],
])("refuses a wrong %s", (_name, variables, error) => {
  expect(readInputs({ ...BASELINE, ...variables })).toEqual({ ok: false, error });
});
