/** An attack on a token exchange, as the security checklist numbers it. */
export interface Attack {
  readonly number: number;
  readonly title: string;
  /** What the tests cannot say: why it does not apply, or which part is not there yet. */
  readonly note?: string;
}

export interface AttackGroup {
  readonly name: string;
  readonly attacks: readonly Attack[];
}

/** Attacks and their notes, numbered from `first` on. */
function group(
  name: string,
  first: number,
  rows: readonly (string | readonly [string, string])[],
): AttackGroup {
  const attacks = rows.map((row, at): Attack => {
    const number = first + at;
    return typeof row === "string" ? { number, title: row } : { number, title: row[0], note: row[1] };
  });
  return { name, attacks };
}

/** The checklist. A test claims a number by a comment `attack N` above its `it` (scripts/attack-claims.ts). */
export const ATTACK_GROUPS: readonly AttackGroup[] = [
  group("Replay", 1, [
    "another text of one token, of another hash",
    "the twin (r, n − s) of an ECDSA signature",
    "one `jti` at two issuers",
    "two requests between check and set",
    "a replay within the clock tolerance, after the mark is gone",
    "a `jti` that is absent, of another type, huge, or made to collide",
    "a token used up by a mismatch, or by a forger",
    "a store that is down, slow, read-only, or evicts",
    [
      "an answer that got lost",
      "DESIGN §6 has `retry_key` for it: the successor revokes the first credential",
    ],
    [
      "two stores that know of each other late",
      "a ledger has one primary; a store that was restored or replaced begins a new epoch",
    ],
  ]),
  group("Signature and algorithm", 11, [
    "`alg: none`, in any case",
    "HMAC with a public key as its secret",
    "an algorithm that is not the issuer's, or not the key's",
    "weak, odd and private keys in a key set",
    "signatures of zeros, and EdDSA signatures with a second spelling",
    "a key that comes with the token: `jwk`, `jku`, `x5u`, `x5c`",
    "`crit`",
    "an access or logout token shown as an identity token (`typ`)",
    "JWE, `zip`, `b64`, the JSON serialisation",
  ]),
  group("Parsing and size", 20, [
    "huge tokens, and many dots",
    "base64url in another spelling",
    "JSON with a key twice, `__proto__`, deep nesting, invalid UTF-8",
    "parameters that come twice, or in two places",
  ]),
  group("Keys, discovery, requests to places of the sender's choice", 24, [
    ["no `kid`", "DESIGN §6 step 3: taken only where exactly one key of the issuer fits"],
    "a `kid` that is a path, SQL, a line break, or huge",
    "one `kid` in two issuers, or twice in one set",
    "a flood of unknown `kid`s",
    "a flood of unknown issuers",
    "a key that its issuer removed",
    "a new key under an old `kid`, and a flood of bad signatures",
    "an issuer that is out of reach",
    "an empty, shrunken or HTML key set",
    "a huge, slow, endless or compressed key set",
    "addresses of loopback, private networks and metadata services",
    "a name that resolves to another address the second time",
    "redirects",
    "discovery for another issuer, and keys on another host",
    ["credentials sent to the host of the keys", "Berth has none for an issuer, and sends none"],
    [
      "a test of an issuer that tells which addresses are there",
      "no request has an issuer tried: its keys are fetched for the first token that names it, by the same guard",
    ],
    "another CA, an expired certificate, another name",
  ]),
  group("Issuer, audience, time", 41, [
    "`iss` as a list, a beginning, or with more behind it",
    "`iss` in another spelling",
    "no `aud`",
    "an `aud` of several",
    "an `aud` that begins like ours, of another type, or another service's",
    "the audience of another rule",
    "`exp` that is absent, no integer, past, or far ahead",
    "`iat` and `nbf` ahead, or long ago",
    "clocks that differ",
  ]),
  group("Rules, and what providers mean", 50, [
    "`repo:acme*` and `acme-evil`",
    "a wildcard that crosses a segment",
    "regular expressions in patterns",
    "another case, and letters that fold to others",
    "a claim that is absent, null, empty or a list",
    "numbers, booleans and texts that look alike",
    "a rule that says nothing",
    "a customised subject",
    "both forms of GitHub's subject",
    "a subject that the job chose",
    "colons in a name within the subject",
    "pull requests, and what they start",
    "a pull request that names its target branch",
    "a trusted reusable workflow, called by a stranger",
    ["`@` in a branch or a file of `workflow_ref`", "Berth takes no claim apart: it is matched whole"],
    "a self-hosted runner, and a job re-run to log in to it",
    "a rule of claims that the job chooses",
    "a name that was given up and taken by another",
    "two rules that match",
    "a change that leaves a part of the old rule",
  ]),
  group("Robot accounts, tenants, disclosure", 70, [
    "telling robots that exist from those that do not by the answer",
    "telling them by the time: `npm run bench:disclosure` prints it",
    "values of rules in a refusal",
    "the token of one tenant at the robot of another",
    "secrets in logs, and lines made up in logs",
    "tokens in URLs and arguments",
  ]),
  group("Credential and registry", 76, [
    "a credential that renews itself",
    "one class of token in the place of another",
    "guessing secrets, and reading them in the store",
    "odd Basic headers",
    "odd scopes",
    "HMAC at the registry",
    "`kid` where the registry reckons another one",
    "the time until a revocation counts",
    "a robot, rule or issuer that is no more",
    ["a revocation that tells what is known", "DESIGN §8 has 200 for both (RFC 7009)"],
    "a longer lifetime than the rule's",
    "answers kept by a proxy",
  ]),
  group("Service", 88, [
    [
      "a made-up client address, and floods of requests",
      "limits are by address and by issuer and tenant, never by robot or issuer alone, by which anybody could lock others out (decision 0013)",
    ],
    "fields that nobody asked for; a program that adds trust",
    "anchors, tags and aliases in YAML",
    [
      "the supply chain of the client action",
      "what GitHub runs is committed, and CI fails where it is not what its sources give (`npm run bundle -- --check`)",
    ],
    "metrics with a label for each subject",
  ]),
];
