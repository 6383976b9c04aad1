import type { ManagedBerth } from "../../support/managed-berth.ts";
import { declaring } from "./own-samples.ts";

/** `acme` with robots whose lines these are; the first of them stands in line 4. */
export function acme(robots: string) {
  return declaring(`namespaces:\n  - name: acme\n    robots:\n${robots}`);
}

/** A rule in one line. */
export function ruleText(
  { berth }: ManagedBerth,
  subject = "repo:acme/tools:ref:refs/heads/main",
  more = "",
): string {
  return `{ issuer: "${berth.issuer.url}", subject: "${subject}", ttl_seconds: 900${more} }`;
}

/** The robot `packer` with one rule, in the lines of `acme`. */
export function packer(rule: string): string {
  const permissions = "permissions: [{ repository: acme/tools, role: write }]";
  return `      - name: packer\n        ${permissions}\n        rules:\n          - ${rule}\n`;
}
