import type { ProblemTexts } from "./problem-text.ts";

/** Berth refused the exchange, and said why. */
export const EXCHANGE_TEXTS = {
  no_match: {
    message: "No federation rule of {robot} accepts this job's identity token.",
    mend: "An unknown or disabled robot account looks the same: check the name.{hints}\nThis job's token, as a rule would have it:\n{rule}\nWhoever runs Berth sees what failed: berth explain {robot} --request {request}",
  },
  issuer_unknown: {
    message: "Berth at {server} does not trust the issuer {issuer}.",
    mend: "Whoever runs Berth adds it, letter for letter, with its slash at the end or without:\n  issuers:\n    - url: {issuer}",
  },
  token_expired: {
    message: "The identity token expired at {expires}.",
    mend: "{mend}",
  },
  clock_differs: {
    message:
      "The clocks differ: this machine says {here}, Berth {there}, and the identity token is good from {from} to {expires}.",
    mend: "Set the clock of the runner, of the CI server that signs the tokens, or of Berth by NTP; half a minute is let pass.",
  },
  token_used: {
    message: "The identity token has been used already: each is accepted once.",
    mend: "{mend}",
  },
  token_revoked: {
    message: "The credential of this identity token was revoked, and the token with it.",
    mend: "{mend}",
  },
  token_predates_store: {
    message: "The identity token is older than Berth's records, which began anew after it was issued.",
    mend: "{mend}",
  },
  token_lifetime_too_long: {
    message: "The identity token lives {lifetime} s, which is longer than Berth allows its issuer.",
    mend: "Ask the platform for a shorter one, or whoever runs Berth to raise the issuer's `max_lifetime_seconds`.",
  },
  token_too_large: {
    message: "The identity token is too large: {size} bytes, and 16 KiB at most.",
    mend: "Take custom claims out of it; on GitLab, a user's `user_identities` and `groups_direct`.",
  },
  audience_refused: {
    message: "Berth at {server} does not take the audience {actual} of this issuer.",
    mend: "Its public URL may be another one than the URL that you use, or the issuer is registered with audiences of its own: ask whoever runs Berth. {mend}",
  },
  signature_refused: {
    message: "Berth cannot verify the identity token's signature ({reason}).",
    mend: "If the CI server has new keys, run the job again in some minutes. Else the token is not from {issuer}, or whoever runs Berth has other keys or algorithms for it.",
  },
  claim_malformed: {
    message: "A claim that Berth needs is missing from the identity token, or has another form: {missing}.",
    mend: "It needs `sub`, `iat` and `exp`; and `jti` unless whoever runs Berth sets the issuer to `replay: once`.",
  },
  keys_unavailable: {
    message: "Berth cannot get the keys of {issuer}.",
    mend: "Nothing was handed out, and the client has tried for {seconds} s. Run the job again; if it stays so, Berth cannot reach the issuer. Request id for whoever runs Berth: {request}.",
  },
  scope_malformed: {
    message: "The scope {scope} is not one that Berth can read.",
    mend: "Write repository:NAME:ACTIONS, such as repository:acme/app:pull,push; the name without the registry's host.",
  },
  scope_not_granted: {
    message: "Nothing of the scope {scope} can be granted to {robot} in this job.",
    mend: "Leave --scope out to get all that the rule grants, or check the repository's name, which is without the registry's host.",
  },
  ttl_malformed: {
    message: "A credential cannot live {ttl} s.",
    mend: "Give --ttl a whole number of seconds, 300 or more; a rule caps it at an hour or less.",
  },
  too_many_credentials: {
    message: "{robot} has as many live credentials as it may have.",
    mend: "Let jobs log out at their end, ask for a shorter --ttl, or wait for the older ones to expire.",
  },
  refused: {
    message: "Berth at {server} refused: {told}",
    mend: "The reason is {reason}. Request id for whoever runs Berth: {request}.",
  },
} as const satisfies ProblemTexts;

/** What may be why no rule matched, seen from the job's own token. Each has an entry on the page. */
export const HINT_TEXTS = {
  job_denied: "This is {what}: refused unless a rule asks for such jobs by `{claim}`.",
  environment_not_set: "The job names no environment (`environment:`), so a rule for one does not take it.",
  ref_not_protected: "The ref {ref} is not protected (`ref_protected`), and rules often ask for one that is.",
  ref_is_tag: "The job runs for the tag {ref}, which a rule for a branch does not take.",
  subject_form:
    "The subject is not in the platform's usual form, so that a rule must have it as it stands here.",
  buildkite_ids_missing:
    "The token lacks organization_id and pipeline_id: ask for it with `--claim organization_id,pipeline_id`.",
} as const;
