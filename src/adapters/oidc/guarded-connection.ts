import { type LookupAddress, lookup as systemLookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { Agent, buildConnector, type Dispatcher, ProxyAgent } from "undici";
import { isPrivateIssuerAddress, isPublicAddress } from "./address-check.ts";
import { FetchFault } from "./fetch-fault.ts";

/** How one issuer may be reached. */
export interface Reach {
  readonly privateNetwork: boolean;
  /** PEM certificates that replace the system's trust. */
  readonly caPem?: string;
}

/** Every address of a host name, as `dns.lookup` gives them. */
export type ResolveAll = (
  hostname: string,
  callback: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

export const systemResolve: ResolveAll = (hostname, callback) => {
  systemLookup(hostname, { all: true }, (error, addresses) => callback(error, addresses ?? []));
};

/** Throws a FetchFault when the host is written as an address that `reach` does not allow. */
export function checkLiteral(url: URL, reach: Reach): void {
  // The URL parser has brought decimal, octal and hexadecimal forms to the dotted one.
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  if (isIP(host) !== 0 && !addressRule(reach)(host)) throw new FetchFault("address_refused");
}

/**
 * Opens connections to addresses that `reach` allows, and no others: checked in the look-up whose answer is then
 * dialled, so that a second answer (DNS rebinding) has no part in it, and once more on the open connection.
 *
 * A private network's issuer is reached directly: the proxy is the way out of that network.
 */
export function guardedDispatcher(
  reach: Reach,
  egressProxy: string | undefined,
  resolve: ResolveAll,
): Dispatcher {
  const tls = { allowH2: false, ...(reach.caPem === undefined ? {} : { ca: reach.caPem }) };
  if (egressProxy !== undefined && !reach.privateNetwork) {
    // The proxy resolves the name, so that no address is seen here; only registered hosts come this far.
    return new ProxyAgent({ uri: egressProxy, requestTls: tls, proxyTls: { allowH2: false } });
  }
  const isAllowed = addressRule(reach);
  const connect = buildConnector({ ...tls, lookup: guardedLookup(isAllowed, resolve) });
  return new Agent({
    connect: (options, callback) =>
      connect(options, (error, socket) => {
        if (error) return callback(error, null);
        if (isAllowed(socket.remoteAddress ?? "")) return callback(null, socket);
        socket.destroy();
        callback(new FetchFault("address_refused"), null);
      }),
  });
}

function addressRule(reach: Reach): (address: string) => boolean {
  return reach.privateNetwork ? isPrivateIssuerAddress : isPublicAddress;
}

/** One bad address among several refuses them all: which of them is dialled is the network's choice. */
function guardedLookup(isAllowed: (address: string) => boolean, resolve: ResolveAll): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, (error, addresses) => {
      if (error) return callback(error, "");
      const [first] = addresses;
      if (first === undefined || !addresses.every(({ address }) => isAllowed(address))) {
        return callback(new FetchFault("address_refused"), "");
      }
      if (options.all) return callback(null, [...addresses]);
      callback(null, first.address, first.family);
    });
  };
}
