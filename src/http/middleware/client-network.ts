/** An IPv6 group, or nothing: `::` stands for as many as are missing. */
const GROUP = /^[0-9a-f]{1,4}$/i;
/** As some proxies write it into X-Forwarded-For; each connection has another port. */
const WITH_PORT = /^(?:\[([^\]]*)\]|(\d{1,3}(?:\.\d{1,3}){3})):\d{1,5}$/;
/** What no address is longer than: the rest is a text that a proxy let through. */
const MAX_LENGTH = 64;

/**
 * What counts as one client: an IPv4 address, or the first 64 bits of an IPv6 address, which one customer of a
 * provider has for himself and can go through. A text that is no address counts as itself.
 */
export function networkOf(address: string): string {
  const [, bracketed, plain] = WITH_PORT.exec(address) ?? [];
  const bare = (bracketed ?? plain ?? address).slice(0, MAX_LENGTH);
  if (!bare.includes(":")) return bare;
  const [, mapped] = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(bare) ?? [];
  return mapped ?? firstGroups(bare) ?? bare;
}

function firstGroups(address: string): string | undefined {
  const [head = "", tail] = address.split("::");
  const groups = head === "" ? [] : head.split(":");
  const behind = tail === undefined || tail === "" ? [] : tail.split(":");
  // A last part of an IPv4 address stands for two groups.
  const missing = 8 - groups.length - behind.length - (address.includes(".") ? 1 : 0);
  const zeros = tail === undefined ? [] : new Array<string>(Math.max(0, missing)).fill("0");
  const first = [...groups, ...zeros, ...behind].slice(0, 4);
  if (first.length < 4 || !first.every((group) => GROUP.test(group))) return undefined;
  return `${first.map((group) => Number.parseInt(group, 16).toString(16)).join(":")}::/64`;
}

/** This machine itself: its operator, or a proxy that nobody named, behind which everybody would be one client. */
export function isLoopback(address: string): boolean {
  return address === "::1" || /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/i.test(address);
}
