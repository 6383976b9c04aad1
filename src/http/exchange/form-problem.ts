import type { Context } from "hono";
import { rejection } from "../../domain/rejection.ts";
import type { AppEnv } from "../deps.ts";
import type { FormProblem } from "../form-body.ts";
import { OAUTH_ERRORS, oauthErrorResponse } from "./oauth-error.ts";

/** A body that could not be read as a form, on the OAuth routes. */
export function formProblemResponse(c: Context<AppEnv>, problem: FormProblem): Response {
  const refused = rejection("request_malformed", problem);
  if (problem === "too_large") {
    return oauthErrorResponse(c, OAUTH_ERRORS, refused, {
      status: 413,
      description: "The body is over 64 KiB.",
    });
  }
  return oauthErrorResponse(c, OAUTH_ERRORS, refused, {
    status: 415,
    description: "The body must be application/x-www-form-urlencoded.",
  });
}
