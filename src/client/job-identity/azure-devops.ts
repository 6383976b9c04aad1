import { err } from "../../domain/result.ts";
import { clientProblem } from "../client-problem.ts";
import { type JobPlatform, variable } from "./job-platform.ts";
import { requestToken, withParameter } from "./token-request.ts";

/** Azure DevOps: the pipeline's own token; without the id of a service connection, so it is not a connection's. */
export const azureDevops: JobPlatform = {
  name: "azure-devops",
  title: "Azure DevOps",
  recognisedBy: "TF_BUILD",
  recognises: (environment) => variable(environment, "TF_BUILD")?.toLowerCase() === "true",
  obtain: async (environment) => {
    const url = variable(environment, "SYSTEM_OIDCREQUESTURI");
    const bearer = variable(environment, "SYSTEM_ACCESSTOKEN");
    // A variable that is not mapped stands there as it was written.
    const isMapped = bearer !== undefined && !bearer.startsWith("$(");
    if (url === undefined || !URL.canParse(url) || !isMapped) {
      return err(clientProblem("azure_access_token_missing", {}));
    }
    return requestToken(environment, {
      platform: "Azure DevOps",
      method: "POST",
      url: withParameter(url, "api-version", "7.1"),
      headers: {
        authorization: `Bearer ${bearer}`,
        "content-type": "application/json",
        // Else a refusal is a redirect to a page for people.
        "x-tfs-fedauthredirect": "Suppress",
      },
      body: "",
      member: "oidcToken",
      mend: "Check that the step maps SYSTEM_ACCESSTOKEN: $(System.AccessToken), and that the job still runs.",
    });
  },
  audienceIsFixed: true,
  otherAudience: () => "Azure DevOps knows no other audience.",
  anotherToken: "Azure DevOps gives a job as many tokens as it asks for: run the login again.",
};
