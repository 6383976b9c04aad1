import { expect, it } from "vitest";
import { isLoopback, networkOf } from "./client-network.ts";

// attack 88
it.each([
  ["203.0.113.9", "203.0.113.9"],
  ["203.0.113.9:51234", "203.0.113.9"],
  ["::ffff:203.0.113.9", "203.0.113.9"],
  ["[::ffff:203.0.113.9]:443", "203.0.113.9"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:db8:1:2:ffff::9", "2001:db8:1:2::/64"],
  ["2001:0DB8:0001:0002::", "2001:db8:1:2::/64"],
  ["[2001:db8:1:2::9]:51234", "2001:db8:1:2::/64"],
  ["2001:db8::9", "2001:db8:0:0::/64"],
  ["2001:db8::3:4:5:6:7", "2001:db8:0:3::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["::", "0:0:0:0::/64"],
  ["64:ff9b:1:2:3:4:203.0.113.9", "64:ff9b:1:2::/64"],
  ["64:ff9b::203.0.113.9", "64:ff9b:0:0::/64"],
  ["unknown", "unknown"],
  ["", ""],
  ["a:b", "a:b"],
  ["gggg:1:2:3::", "gggg:1:2:3::"],
  ["x".repeat(500), "x".repeat(64)],
])("%s is of %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});

it.each([
  ["127.0.0.1", true],
  ["127.255.0.9", true],
  ["::ffff:127.0.0.1", true],
  ["::1", true],
  ["128.0.0.1", false],
  ["127.0.0.1.example", false],
  ["::2", false],
  ["203.0.113.9", false],
])("%s is this machine: %s", (address, expected) => {
  expect(isLoopback(address)).toBe(expected);
});
