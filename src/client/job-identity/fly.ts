import { type JobPlatform, variable } from "./job-platform.ts";
import { requestToken } from "./token-request.ts";

const SOCKET = "/.fly/api";

/** A machine at Fly.io: by a Unix socket that every one of them has. */
export const fly: JobPlatform = {
  name: "fly",
  title: "Fly.io",
  recognisedBy: "FLY_MACHINE_ID",
  recognises: (environment) => variable(environment, "FLY_MACHINE_ID") !== undefined,
  obtain: (environment, audience) =>
    requestToken(environment, {
      platform: "Fly.io",
      method: "POST",
      url: "http://localhost/v1/tokens/oidc",
      socketPath: SOCKET,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ aud: audience }),
      mend: "Check that the job's user may open the socket; it is there in a machine, not in a container within one.",
    }),
  otherAudience: () =>
    "The client asks Fly.io for Berth's audience by itself: give it no token of your own making.",
  anotherToken: "Fly.io gives as many tokens as it is asked for: run the login again.",
};
