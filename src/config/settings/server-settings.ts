import * as z from "zod";
import { text } from "../setting-fields.ts";
import {
  isLoopbackHost,
  type ListenAddress,
  parseListenAddress,
  parsePublicUrl,
  parseTrustedProxies,
} from "../setting-values.ts";
import type { SettingRule } from "./setting-rule.ts";

/** Where Berth is reached, and how the way there is kept secret. */
export interface ServerSettings {
  /** Without a slash at its end. */
  readonly publicUrl: string;
  readonly listen: ListenAddress;
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
  /** IP addresses and networks in CIDR form. */
  readonly trustedProxies: readonly string[];
}

export const serverFields = {
  BERTH_PUBLIC_URL: text(parsePublicUrl).meta({
    description:
      "The URL under which clients and registries reach this server: the `iss` of registry tokens, and the audience that identity tokens must have. May have a path.",
    limits: "https, or http on a loopback host; no slash at its end",
  }),
  BERTH_LISTEN: text(parseListenAddress).prefault("127.0.0.1:8080").meta({
    description: "The address and port to listen on.",
    limits: "an IP address or `localhost`, and a port; `0` takes a free one",
  }),
  BERTH_TLS_CERT: z.string().optional().meta({
    description: "File with the certificate chain (PEM) for serving TLS. Read again when it changes.",
    limits: "together with `BERTH_TLS_KEY`",
  }),
  BERTH_TLS_KEY: z.string().optional().meta({
    description: "File with the private key (PEM) of `BERTH_TLS_CERT`.",
    limits: "together with `BERTH_TLS_CERT`",
  }),
  BERTH_TRUSTED_PROXIES: text(parseTrustedProxies).optional().meta({
    description:
      "The reverse proxies in front, which terminate TLS and whose `X-Forwarded-For` is believed. An https public URL needs TLS here or a proxy named here, unless this server listens on a loopback address only. A proxy on this machine is named too, if its `X-Forwarded-For` is to be believed.",
    limits: "addresses and CIDR networks, separated by commas",
  }),
};

type Values = z.output<z.ZodObject<typeof serverFields>>;

export const serverRules: readonly SettingRule<Values>[] = [
  {
    path: "BERTH_TLS_CERT",
    error: "must be set together with BERTH_TLS_KEY",
    holds: (values) => (values.BERTH_TLS_CERT === undefined) === (values.BERTH_TLS_KEY === undefined),
  },
  {
    path: "BERTH_PUBLIC_URL",
    error:
      "is https, but nothing speaks TLS: set BERTH_TLS_CERT and BERTH_TLS_KEY, name the proxies in front in BERTH_TRUSTED_PROXIES, or listen on a loopback address behind a proxy of this machine",
    needs: ["BERTH_PUBLIC_URL", "BERTH_LISTEN"],
    holds: (values) =>
      values.BERTH_PUBLIC_URL.startsWith("http:") ||
      values.BERTH_TLS_CERT !== undefined ||
      values.BERTH_TRUSTED_PROXIES !== undefined ||
      isLoopbackHost(values.BERTH_LISTEN.host),
  },
];

export function toServerSettings(values: Values): ServerSettings {
  const { BERTH_TLS_CERT: certFile, BERTH_TLS_KEY: keyFile } = values;
  return {
    publicUrl: values.BERTH_PUBLIC_URL,
    listen: values.BERTH_LISTEN,
    ...(certFile === undefined || keyFile === undefined ? {} : { tls: { certFile, keyFile } }),
    trustedProxies: values.BERTH_TRUSTED_PROXIES ?? [],
  };
}
