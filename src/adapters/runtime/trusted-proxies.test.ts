import { describe, expect, it } from "vitest";
import { plainAddress, trustedProxies } from "./trusted-proxies.ts";

describe("trustedProxies", () => {
  const isTrusted = trustedProxies(["192.0.2.1", "10.0.0.0/8", "2001:db8::1", "2001:db8:1::/48"]);
  it.each([
    ["192.0.2.1", true],
    ["192.0.2.2", false],
    ["10.0.0.0", true],
    ["10.255.255.255", true],
    ["11.0.0.0", false],
    ["::ffff:192.0.2.1", true],
    ["::ffff:10.1.2.3", true],
    ["::ffff:11.0.0.0", false],
    ["2001:db8::1", true],
    ["2001:0db8:0:0:0:0:0:1", true],
    ["2001:db8::2", false],
    ["2001:db8:1:ffff::9", true],
    ["2001:db8:2::", false],
    ["unknown", false],
    ["", false],
    ["10.0.0.1:443", false],
    ["10.0.0.1, 10.0.0.2", false],
    ["010.0.0.1", false],
  ])("%s: %s", (address, expected) => {
    expect(isTrusted(address)).toBe(expected);
  });

  it("trusts nobody without ranges", () => {
    expect(trustedProxies([])("127.0.0.1")).toBe(false);
  });

  it("trusts every address of a range of length 0, of its family alone", () => {
    const isTrusted = trustedProxies(["0.0.0.0/0"]);
    expect(["203.0.113.9", "2001:db8::1"].map(isTrusted)).toEqual([true, false]);
  });
});

describe("plainAddress", () => {
  it.each([
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["192.0.2.1", "192.0.2.1"],
    ["2001:db8::1", "2001:db8::1"],
    ["::ffff:c000:201", "::ffff:c000:201"],
  ])("%s is %s", (address, plain) => {
    expect(plainAddress(address)).toBe(plain);
  });
});
