import type { Context } from "hono";
import { rejection } from "../../domain/rejection.ts";
import type { AppEnv } from "../deps.ts";
import { FORM_PROBLEM_STATUS, type FormProblem } from "../form-body.ts";
import { OAUTH_ERRORS, oauthErrorResponse } from "./oauth-error.ts";

const DESCRIPTIONS = {
  unsupported_media_type: "The body must be application/x-www-form-urlencoded.",
  too_large: "The body is over 64 KiB.",
  incomplete: "The body ended before its end.",
} as const satisfies Record<FormProblem, string>;

/** A body that could not be read as a form, on the OAuth routes. */
export function formProblemResponse(c: Context<AppEnv>, problem: FormProblem): Response {
  return oauthErrorResponse(c, OAUTH_ERRORS, rejection("request_malformed", problem), {
    status: FORM_PROBLEM_STATUS[problem],
    description: DESCRIPTIONS[problem],
  });
}
