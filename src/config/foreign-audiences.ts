/**
 * Audiences of other services, and those that CI platforms put in when a job names none. An identity token for
 * one of them is shown to that service: who gets hold of it there could show it here.
 */
const FOREIGN: readonly RegExp[] = [
  /^sts\.amazonaws\.com$/i,
  /^sigstore$/i,
  /^api:\/\/AzureADTokenExchange/i,
  /^(?:https:)?\/\/iam\.googleapis\.com\//i,
  /^(?:https:\/\/)?vault(?:$|[.:/-])/i,
  /^https:\/\/kubernetes\.default(?:$|[.:/])/i,
  /^https:\/\/github\.com(?:$|\/)/i,
  /^https:\/\/gitlab\.com(?:$|\/)/i,
  /^https:\/\/buildkite\.com(?:$|\/)/i,
  /^https:\/\/vercel\.com(?:$|\/)/i,
  /^https:\/\/fly\.io(?:$|\/)/i,
  /^ari:cloud:bitbucket:/i,
];

/** Whether `audience` is known to be somebody else's. */
export function isForeignAudience(audience: string): boolean {
  return FOREIGN.some((pattern) => pattern.test(audience));
}
