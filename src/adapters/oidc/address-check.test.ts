import { describe, expect, it } from "vitest";
import { isPrivateIssuerAddress, isPublicAddress } from "./address-check.ts";

const PUBLIC = [
  "1.1.1.1",
  "8.8.8.8",
  "140.82.112.3",
  "192.0.1.1",
  "100.63.255.255",
  "100.128.0.0",
  "172.32.0.1",
];
const PUBLIC_IPV6 = ["2606:4700:4700::1111", "2a00:1450:4001:80b::200e", "2003::1"];

/** Not public, and where a private network's issuer may stand. */
const PRIVATE = [
  ["this host", "0.0.0.0"],
  ["private 10/8", "10.1.2.3"],
  ["private 172.16/12, its first", "172.16.0.0"],
  ["private 172.16/12, its last", "172.31.255.255"],
  ["private 192.168/16", "192.168.0.1"],
  ["carrier-grade NAT, its first", "100.64.0.0"],
  ["carrier-grade NAT, its last", "100.127.255.255"],
  ["loopback", "127.0.0.1"],
  ["loopback, another", "127.255.0.1"],
  ["documentation 1", "192.0.2.1"],
  ["documentation 2", "198.51.100.1"],
  ["documentation 3", "203.0.113.1"],
  ["benchmarks", "198.19.0.1"],
  ["6to4 relay", "192.88.99.1"],
  ["multicast", "224.0.0.1"],
  ["reserved", "240.0.0.1"],
  ["broadcast", "255.255.255.255"],
  ["IPv6 unspecified", "::"],
  ["IPv6 loopback", "::1"],
  ["IPv6 unique local", "fd12:3456:789a::1"],
  ["IPv6 multicast", "ff02::1"],
  ["IPv6 documentation", "2001:db8::1"],
  ["IPv6 documentation, the newer", "3fff::1"],
  ["IPv6 not allotted", "4000::1"],
] as const;

/** Refused on every network. */
const NEVER = [
  ["metadata of AWS, Google and Azure", "169.254.169.254"],
  ["metadata of ECS", "169.254.170.2"],
  ["metadata of EKS", "169.254.170.23"],
  ["metadata of Alibaba", "100.100.100.200"],
  ["metadata of Oracle", "192.0.0.192"],
  ["Azure's wire server", "168.63.129.16"],
  ["metadata of AWS by IPv6", "fd00:ec2::254"],
  ["metadata of Google by IPv6", "fd20:ce::254"],
  ["link-local", "169.254.0.1"],
  ["IPv6 link-local", "fe80::1"],
  ["IPv6 link-local with a zone", "fe80::1%eth0"],
  ["IPv4-mapped loopback", "::ffff:127.0.0.1"],
  ["IPv4-mapped loopback in hexadecimal", "::ffff:7f00:1"],
  ["IPv4-mapped public", "::ffff:8.8.8.8"],
  ["IPv4-mapped metadata", "::ffff:a9fe:a9fe"],
  ["NAT64 of metadata", "64:ff9b::a9fe:a9fe"],
  ["NAT64, the local one", "64:ff9b:1::a00:1"],
  ["6to4 of metadata", "2002:a9fe:a9fe::1"],
  ["Teredo", "2001:0:a9fe:a9fe::1"],
  ["a name", "localhost"],
  ["nothing", ""],
  ["a number", "2130706433"],
] as const;

// attack 34
describe("isPublicAddress", () => {
  it.each([...PUBLIC, ...PUBLIC_IPV6])("takes %s", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([...PRIVATE, ...NEVER])("refuses %s: %s", (_name, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe("isPrivateIssuerAddress", () => {
  it.each([...PUBLIC, ...PUBLIC_IPV6, ...PRIVATE.map(([, address]) => address)])("takes %s", (address) => {
    expect(isPrivateIssuerAddress(address)).toBe(true);
  });

  it.each(NEVER)("refuses %s: %s", (_name, address) => {
    expect(isPrivateIssuerAddress(address)).toBe(false);
  });
});
