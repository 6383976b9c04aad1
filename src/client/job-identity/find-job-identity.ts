import { err, ok, type Result } from "../../domain/result.ts";
import type { ClientEnvironment } from "../client-environment.ts";
import { type ClientProblem, clientProblem } from "../client-problem.ts";
import { ownClaims } from "../own-claims.ts";
import { wantedAudience } from "../server-url.ts";
import { PLATFORMS } from "./all.ts";
import type { JobIdentity } from "./job-identity.ts";
import type { JobPlatform } from "./job-platform.ts";

/**
 * The identity token of this job, from the first platform that recognises it. Whether it is for the right audience
 * and what it is worth is not looked at: `exchangeIdentity` sends no token that is for another.
 *
 * @param server Berth's public URL, the audience that is asked for unless BERTH_AUDIENCE names another.
 */
export async function findJobIdentity(
  environment: ClientEnvironment,
  server: string,
): Promise<Result<JobIdentity, ClientProblem>> {
  for (const platform of PLATFORMS) {
    if (await platform.recognises(environment)) return identityFrom(platform, environment, server);
  }
  const looked = PLATFORMS.map(({ title, recognisedBy }) => `${title} (${recognisedBy})`).join("; ");
  return err(clientProblem("identity_not_found", { looked: { lines: [looked] } }));
}

async function identityFrom(
  platform: JobPlatform,
  environment: ClientEnvironment,
  server: string,
): Promise<Result<JobIdentity, ClientProblem>> {
  const obtained = await platform.obtain(environment, wantedAudience(environment, server));
  if (!obtained.ok) return obtained;
  const { token, renewable, source } = obtained.value;
  if (ownClaims(token) === undefined) return err(clientProblem("identity_malformed", { source }));
  return ok({ token, platform: platform.name, renewable });
}
