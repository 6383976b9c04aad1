import fc from "fast-check";
import { startTestBerth, type TestBerth } from "../support/berth-app.ts";
import { basic, formOf, ID_TOKEN, TOKEN_EXCHANGE } from "../support/requests.ts";
import { type FuzzTarget, fuzz } from "./fuzz-target.ts";
import { editedText, oddText } from "./odd-text.ts";

const FIELDS = [
  "grant_type",
  "subject_token",
  "robot",
  "scope",
  "requested_ttl",
  "retry_key",
  "service",
  "token",
];
const ROUTES = [
  "/oauth2/token",
  "/oauth2/revoke",
  "/v2/auth",
  "/auth/token",
  "/oauth2/federation/robot/token",
];

const VALID_FORM = `grant_type=${TOKEN_EXCHANGE}&subject_token=a.b.c&robot=acme%2Bbuilder&scope=repository:acme/app:pull`;

const headerText = oddText.map((text) => encodeURI(text.toWellFormed()));
const forms = fc
  .array(fc.tuple(fc.constantFrom(...FIELDS), oddText), { maxLength: 8 })
  .map((fields) => String(new URLSearchParams(fields)));

/**
 * Requests of any form to the routes that strangers reach, and changed tokens in valid ones. The issuer draws its key
 * anew each time, so that a counter-example is to be read, and not to be repeated by its seed.
 */
export const server: FuzzTarget = async (limits) => {
  const berth = await startTestBerth({ refusalDelayMs: 0 });
  try {
    const token = await berth.issuer.sign();
    const input = fc.record({
      route: fc.constantFrom(...ROUTES),
      method: fc.constantFrom("GET", "POST"),
      query: forms,
      body: fc.oneof(forms, editedText(VALID_FORM)),
      subjectToken: editedText(token).filter((text) => text !== token),
      password: headerText,
    });
    return await fuzz(input, (request) => send(berth, request), limits);
  } finally {
    await berth.close();
  }
};

interface Sent {
  readonly route: string;
  readonly method: string;
  readonly query: string;
  readonly body: string;
  readonly subjectToken: string;
  readonly password: string;
}

async function send(berth: TestBerth, sent: Sent): Promise<void> {
  const { route, method, query, body, subjectToken, password } = sent;
  const exchange = formOf({
    grant_type: TOKEN_EXCHANGE,
    subject_token: subjectToken,
    subject_token_type: ID_TOKEN,
    robot: "acme+builder",
  });
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const answers = await Promise.all([
    berth.app.request(`${route}?${query}`, {
      method,
      headers: { ...form, ...basic("acme+builder", password) },
      ...(method === "POST" ? { body: body.toWellFormed() } : {}),
    }),
    berth.app.request("/oauth2/token", { method: "POST", body: exchange }),
  ]);
  for (const answer of answers) {
    await answer.arrayBuffer();
    if (answer.status >= 500) throw new Error(`answered ${answer.status}`);
  }
  if ((await berth.minted()) > 0) throw new Error("a changed token minted a credential");
}
