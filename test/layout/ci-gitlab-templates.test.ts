import { expect, it } from "vitest";
import { berthJob, COMPONENT, componentInputs, PLAIN_TEMPLATE } from "../support/gitlab-template.ts";

const INPUTS = {
  registry: "registry.example.com",
  robot: "acme+builder",
  server: "https://berth.example.com",
};
const component = berthJob(COMPONENT, INPUTS);
const plain = berthJob(PLAIN_TEMPLATE);

it("the component and the plain template run the same script", () => {
  expect(component.before_script).toEqual(plain.before_script);
  expect(component.after_script).toEqual(plain.after_script);
  expect(component.id_tokens).toEqual(plain.id_tokens);
});

it("the identity token is for the server", () => {
  expect(plain.id_tokens).toEqual({ BERTH_ID_TOKEN: { aud: "$BERTH_SERVER" } });
});

it("each input becomes a variable of the script", () => {
  expect(component.variables).toEqual({
    BERTH_REGISTRY: "registry.example.com",
    BERTH_ROBOT: "acme+builder",
    BERTH_SERVER: "https://berth.example.com",
    BERTH_SCOPE: "",
    BERTH_TTL: "",
    BERTH_IF_NO_IDENTITY: "fail",
  });
});

it("the plain template leaves to the job what has no default", () => {
  const { BERTH_REGISTRY: _1, BERTH_ROBOT: _2, BERTH_SERVER: _3, ...rest } = component.variables;
  expect(plain.variables).toEqual(rest);
});

it("an input has the keys that GitLab knows, and a description", () => {
  const known = ["description", "default", "options", "regex"];
  for (const input of Object.values(componentInputs())) {
    expect(Object.keys(input).filter((key) => !known.includes(key))).toEqual([]);
    expect(input.description).toMatch(/\.$/);
  }
});

// GitLab takes the whole text for an expression of RE2: slashes around it would have to stand in the value.
it.each([
  ["robot", "acme+builder", true],
  ["robot", "_+ci.release", true],
  ["robot", "builder", false],
  ["robot", "acme+builder\n", false],
  ["server", "https://berth.example.com", true],
  ["server", "https://berth.example.com/platform", true],
  ["server", "https://berth.example.com/", false],
  ["server", "http://berth.example.com", false],
])("the input %s: %j: %s", (name, value, isTaken) => {
  expect(new RegExp(componentInputs()[name]?.regex ?? "$.").test(value)).toBe(isTaken);
});
