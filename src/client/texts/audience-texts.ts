import type { ProblemTexts } from "./problem-text.ts";

/** The identity token is for another audience, and was not sent. */
export const AUDIENCE_TEXTS = {
  audience_wrong: {
    message: "The identity token is for {actual}, and Berth is {wanted}: it was not sent.",
    mend: "{mend}",
  },
  audience_trailing_slash: {
    message:
      "The identity token is for {actual}, and Berth is {wanted}: they differ by the slash at the end, and the token was not sent.",
    mend: "{mend}",
  },
  audience_many: {
    message:
      "The identity token is for {actual} at once: each of them could show it to Berth, and it was not sent.",
    mend: "Ask for a token whose only audience is {wanted}. {mend}",
  },
  audience_fixed: {
    message: "{platform} gives tokens for {actual} alone, and Berth is {wanted}: the token was not sent.",
    mend: "If whoever runs Berth has registered that audience for this issuer, name both: BERTH_SERVER={wanted} and BERTH_AUDIENCE={actual}. Every service that is shown such a token can show it on.",
  },
} as const satisfies ProblemTexts;
