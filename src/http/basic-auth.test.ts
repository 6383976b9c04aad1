import { describe, expect, it } from "vitest";
import { parseBasicAuth } from "./basic-auth.ts";

const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;

// attack 79
describe("reads", () => {
  it.each([
    ["a name and a password", basic("acme+builder:secret"), "acme+builder", "secret"],
    ["a password with colons", basic("a:b:c:"), "a", "b:c:"],
    ["an empty password", basic("a:"), "a", ""],
    ["the scheme in any case", basic("a:b").replace("Basic", "bAsIc"), "a", "b"],
    ["more spaces than one", basic("a:b").replace(" ", "   "), "a", "b"],
    ["no padding", "Basic YTpi", "a", "b"],
    ["padding that was left out", basic("a:bc").replace(/=+$/, ""), "a", "bc"],
    ["UTF-8", basic("é:ü"), "é", "ü"],
    ["a byte order mark as part of the name", basic("\ufeffa:b"), "\ufeffa", "b"],
    ["Podman's name of a token", basic("<token>:abc"), "<token>", "abc"],
  ])("%s", (_, header, username, password) => {
    expect(parseBasicAuth(header)).toEqual({ username, password });
  });
});

it("finds nothing without a header", () => {
  expect(parseBasicAuth(undefined)).toBeUndefined();
});

// attack 79
describe("refuses", () => {
  it.each([
    ["an empty header", ""],
    ["another scheme", "Bearer YTpi"],
    ["the scheme alone", "Basic"],
    ["a third part", `${basic("a:b")} x`],
    ["no colon", basic("abc")],
    ["no name", basic(":secret")],
    ["what is not base64", "Basic a:b"],
    ["base64url", "Basic Pz8_OnB3"],
    ["one digit too many", "Basic YTpiY"],
    ["what is not UTF-8", `Basic ${Buffer.from([0x61, 0x3a, 0xff]).toString("base64")}`],
  ])("%s", (_, header) => {
    expect(parseBasicAuth(header)).toBe("malformed");
  });
});
