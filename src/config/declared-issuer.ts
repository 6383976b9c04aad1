import type { DeclaredIssuer } from "../domain/accounts/declaration.ts";
import type { KeySource } from "../domain/identity/issuer.ts";
import { profileNamed, profileOf } from "../domain/identity/profiles/all.ts";
import type { Profile } from "../domain/identity/profiles/profile.ts";
import type { ReadFile } from "./environment.ts";
import { isForeignAudience } from "./foreign-audiences.ts";
import type { IssuerContent } from "./issuer-schema.ts";
import type { Path, Report } from "./problem.ts";

interface IssuerContext {
  readonly report: Report;
  readonly publicUrl: string;
  readonly readFile: ReadFile;
}

/** The issuer that `content` declares; what does not fit together is reported, and what is returned then is not used. */
export function declaredIssuer(content: IssuerContent, path: Path, context: IssuerContext): DeclaredIssuer {
  const profile = content.profile === undefined ? profileOf(content.url) : profileNamed(content.profile);
  checkProfile(content, profile, path, context.report);
  checkAudiences(content.audiences, profile, path, context.report);
  return {
    url: content.url,
    enabled: content.enabled,
    profile: profile.name,
    algorithms: content.algorithms ?? profile.defaults.algorithms,
    audiences: content.audiences ?? [context.publicUrl],
    maxLifetimeSeconds: content.max_lifetime_seconds ?? profile.defaults.maxLifetimeSeconds,
    replay: content.replay ?? profile.defaults.replay,
    keys:
      content.jwks === undefined && content.jwks_expires === undefined
        ? discoveredKeys(content, path, context)
        : inlineKeys(content, path, context.report),
  };
}

/** A known platform under another family's name would lose its denied events, and pass for one tenant's own. */
function checkProfile({ url }: IssuerContent, profile: Profile, path: Path, report: Report): void {
  const recognised = profileOf(url);
  if (recognised.name === "generic" || recognised === profile) return;
  report([...path, "profile"], `is ${recognised.name}, by the URL; leave it out`);
}

function checkAudiences(
  audiences: readonly string[] | undefined,
  { defaults: { fixedAudience } }: Profile,
  path: Path,
  report: Report,
): void {
  if (audiences === undefined && fixedAudience !== undefined) {
    report(path, `needs audiences: this platform gives its tokens no other than ${fixedAudience}`);
  }
  audiences?.forEach((audience, at) => {
    // Where the platform knows no other, an operator may take the risk; nobody else has a reason to.
    if (audience !== fixedAudience && isForeignAudience(audience)) {
      report(
        [...path, "audiences", at],
        "is the audience of another service, where such tokens are shown too; use this server's public URL",
      );
    }
  });
}

function inlineKeys(content: IssuerContent, path: Path, report: Report): KeySource {
  if (content.jwks === undefined) report([...path, "jwks_expires"], "needs jwks beside it");
  if (content.jwks_expires === undefined) {
    report(
      [...path, "jwks"],
      "needs jwks_expires beside it: nobody tells this server that a key was withdrawn",
    );
  }
  for (const field of ["ca_file", "ca_pem", "private_network", "jwks_hosts"] as const) {
    if (content[field] !== undefined) report([...path, field], "has no use beside jwks: nothing is fetched");
  }
  content.jwks?.keys.forEach((key, at) => {
    // RFC 7518 §6: `d` is the private part of RSA, EC and OKP keys, `k` the whole of a symmetric one.
    if ("d" in key || "k" in key)
      report([...path, "jwks", "keys", at], "is a private key; write its public half");
  });
  return {
    kind: "inline",
    jwks: JSON.stringify(content.jwks),
    expiresAt: Math.floor(Date.parse(content.jwks_expires ?? "") / 1000),
  };
}

function discoveredKeys(content: IssuerContent, path: Path, context: IssuerContext): KeySource {
  const caPem = certificates(content, path, context);
  return {
    kind: "discovery",
    jwksHosts: content.jwks_hosts ?? [],
    privateNetwork: content.private_network ?? false,
    ...(caPem === undefined ? {} : { caPem }),
  };
}

function certificates(content: IssuerContent, path: Path, context: IssuerContext): string | undefined {
  const { ca_file: file, ca_pem: pem } = content;
  if (file === undefined && pem === undefined) return undefined;
  if (file !== undefined && pem !== undefined) {
    context.report([...path, "ca_pem"], "must not stand beside ca_file");
    return undefined;
  }
  const place = [...path, file === undefined ? "ca_pem" : "ca_file"];
  const text = pem ?? readCertificates(file ?? "", context.readFile);
  if (text === undefined) context.report(place, "names a file that cannot be read");
  else if (text.includes("PRIVATE KEY")) context.report(place, "holds a private key; leave it out");
  else if (!text.includes("-----BEGIN CERTIFICATE-----"))
    context.report(place, "holds no certificate in PEM form");
  return text;
}

function readCertificates(file: string, readFile: ReadFile): string | undefined {
  try {
    return readFile(file);
  } catch (fault) {
    if (fault instanceof Error && "code" in fault) return undefined;
    throw fault;
  }
}
