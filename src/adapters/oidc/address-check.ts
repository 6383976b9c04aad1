import { BlockList, isIP } from "node:net";

/**
 * IPv4 that is not public: the IANA special-purpose registry (RFC 6890) and what lies above it, with the
 * addresses by which clouds hand out credentials although they look public.
 */
const NOT_PUBLIC_IPV4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
  "168.63.129.16/32",
];

/**
 * The one block of global unicast. Loopback, unique local, link-local, multicast, NAT64 and IPv4-mapped addresses
 * lie outside of it, and so will what is not allotted yet.
 */
const GLOBAL_IPV6 = ["2000::/3"];
/** What is not public within it: protocol assignments with Teredo, documentation, 6to4. */
const NOT_PUBLIC_IPV6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];

/** Metadata services (AWS, ECS, EKS, Google, Azure, Alibaba, Oracle): no issuer, on no network. */
const METADATA_IPV4 = ["169.254.0.0/16", "100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32"];
const METADATA_IPV6 = ["fd00:ec2::/32", "fd20:ce::/32", "fe80::/10"];
/** IPv6 in which an IPv4 address travels, so that a gateway would lead to any of the above. */
const CARRIES_IPV4 = ["::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16"];

// A list for each family: BlockList takes an IPv4 address for its IPv6-mapped form.
const notPublicIpv4 = listOf(NOT_PUBLIC_IPV4, "ipv4");
const globalIpv6 = listOf(GLOBAL_IPV6, "ipv6");
const notPublicIpv6 = listOf(NOT_PUBLIC_IPV6, "ipv6");
const metadataIpv4 = listOf(METADATA_IPV4, "ipv4");
const metadataIpv6 = listOf([...METADATA_IPV6, ...CARRIES_IPV4], "ipv6");

function listOf(ranges: readonly string[], family: "ipv4" | "ipv6"): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = "", prefix] = range.split("/");
    list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

/** Whether an IP address is one of the public internet. False for anything that is not an address. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !notPublicIpv4.check(address, "ipv4");
  return isPlainIpv6(address) && globalIpv6.check(address, "ipv6") && !notPublicIpv6.check(address, "ipv6");
}

/**
 * Whether an issuer that is registered for a private network may stand on this IP address: any but a cloud's
 * metadata service, which would be a way from a jobs' token to the machine's own credentials.
 */
export function isPrivateIssuerAddress(address: string): boolean {
  if (isIP(address) === 4) return !metadataIpv4.check(address, "ipv4");
  return isPlainIpv6(address) && !metadataIpv6.check(address, "ipv6");
}

/** An address with a zone (`fe80::1%eth0`) names an interface of this machine: none of the internet has one. */
function isPlainIpv6(address: string): boolean {
  return isIP(address) === 6 && !address.includes("%");
}
