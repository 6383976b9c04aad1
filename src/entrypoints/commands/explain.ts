import {
  parseUnsignedClaims,
  stripSignature,
  type UnsignedClaimsReason,
} from "../../domain/identity/unsigned-claims.ts";
import { ConfigurationError } from "../configuration-error.ts";
import { apiCommand } from "./api-command.ts";
import { robotPath } from "./api-path.ts";
import { explanation, explanationText } from "./explanation-text.ts";
import { readText } from "./file-content.ts";
import { show } from "./show.ts";

export const explain = apiCommand({
  words: ["explain"],
  positionals: ["ROBOT"],
  options: {
    "token-file": { type: "string" },
    claims: { type: "string" },
    request: { type: "string" },
    json: { type: "boolean" },
  },
  usage: "--token-file F|--claims F|--request ID [--json]",
  summary: "tells rule by rule why an identity token matches, or does not",
  description:
    "Holds an identity token against the rules of ROBOT, condition by condition. --token-file takes the token itself\n(- is standard input) and drops its signature before anything else; --claims takes its payload as JSON;\n--request takes the request id of a refused exchange. Nothing is verified, nothing is used up, and whether the\ntoken has expired does not count. Exit code 0: a rule matches; 1: none does, or it cannot be told.",
  example: "berth explain acme+builder --request 3yJ0Xy2pQm1kZl5v",
  async run(api, { values, positionals: [robot] }) {
    const path = `${robotPath(robot)}/explain`;
    const body = questionOf(values);
    if (body === undefined) {
      console.error("berth: give one of --token-file, --claims, --request");
      return 2;
    }
    return show(await api.call("POST", path, { body }), {
      shape: explanation,
      json: values.json,
      text: (explained) => explanationText(explained).join("\n"),
      exit: ({ outcome }) => (outcome === "met" ? 0 : 1),
    });
  },
});

const CLAIM_FAULTS: Readonly<Record<UnsignedClaimsReason, string>> = {
  token_signed: "holds a signed identity token; give it with --token-file, which takes the signature off",
  claims_malformed: "is not one strict JSON object of at most 16 KiB",
};

type Question = { readonly claims: string } | { readonly request_id: string };

function questionOf(values: Readonly<Record<string, unknown>>): Question | undefined {
  const { claims, request, "token-file": tokenFile } = values;
  const given = [claims, request, tokenFile].filter((value) => value !== undefined);
  if (given.length !== 1) return undefined;
  if (typeof request === "string") return { request_id: request };
  if (typeof claims === "string") return { claims: claimsIn(claims) };
  return { claims: unsigned(String(tokenFile)) };
}

/** A token that still opens something goes to no server, by mistake either. */
function claimsIn(file: string): string {
  const text = readText(file);
  const claims = parseUnsignedClaims(text);
  if (claims.ok) return text;
  throw new ConfigurationError([`${file}: ${CLAIM_FAULTS[claims.error.reason]}`]);
}

/** The token goes no further than this function; neither does a text that is none, whatever it may be. */
function unsigned(file: string): string {
  const text = stripSignature(readText(file));
  if (text === undefined) throw new ConfigurationError([`${file}: is not an identity token of three parts`]);
  return text;
}
