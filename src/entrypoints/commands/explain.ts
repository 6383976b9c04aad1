import { readFileSync } from "node:fs";
import { systemClock } from "../../adapters/runtime/system-clock.ts";
import { isRobotName, type RobotName } from "../../domain/access/names.ts";
import { stripSignature } from "../../domain/identity/unsigned-claims.ts";
import type { Result } from "../../domain/result.ts";
import {
  type ExplainQuestion,
  type ExplainReason,
  explainMatch,
  type MatchExplanation,
} from "../../usecases/management/explain-match.ts";
import { ConfigurationError } from "../configuration-error.ts";
import { readSettings } from "../read-settings.ts";
import { openStores } from "../stores.ts";
import type { Command } from "./command.ts";
import { explanationText } from "./explanation-text.ts";

const STANDARD_INPUT = 0;

const REFUSALS: Readonly<Record<ExplainReason, string>> = {
  token_signed:
    "that holds a signed identity token; give it with --token-file, which takes the signature off",
  claims_malformed: "the claims are not one strict JSON object of at most 16 KiB",
  robot_unknown: "no such robot account",
  request_unknown: "no refused exchange for a robot of this namespace has that request id (any more)",
  store_unavailable: "the store does not answer",
};

export const explain: Command = {
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
  async run({ values, positionals, environment }) {
    const [robot = ""] = positionals;
    const question = questionOf(values);
    if (!isRobotName(robot) || question === undefined) {
      console.error(
        "berth: give a robot account like acme+builder, and one of --token-file, --claims, --request",
      );
      return 2;
    }
    const explained = await explainInStore(environment, robot, question);
    if (!explained.ok) {
      console.error(`berth: ${REFUSALS[explained.error.reason]}`);
      return 1;
    }
    const { value } = explained;
    console.log(values.json === true ? JSON.stringify(value, null, 2) : explanationText(value).join("\n"));
    return value.outcome === "met" ? 0 : 1;
  },
};

async function explainInStore(
  environment: Parameters<typeof readSettings>[0],
  robot: RobotName,
  question: ExplainQuestion,
): Promise<Result<MatchExplanation, { readonly reason: ExplainReason }>> {
  const stores = await openStores(readSettings(environment), systemClock);
  try {
    return await explainMatch({ ...stores, clock: systemClock }, robot, question);
  } finally {
    stores.close();
  }
}

function questionOf(values: Readonly<Record<string, unknown>>): ExplainQuestion | undefined {
  const { claims, request, "token-file": tokenFile } = values;
  const given = [claims, request, tokenFile].filter((value) => value !== undefined);
  if (given.length !== 1) return undefined;
  if (typeof request === "string") return { kind: "request", requestId: request };
  if (typeof claims === "string") return { kind: "claims", text: readText(claims) };
  return { kind: "claims", text: unsigned(String(tokenFile)) };
}

/** The token goes no further than this function; neither does a text that is none, whatever it may be. */
function unsigned(file: string): string {
  const text = stripSignature(readText(file));
  if (text === undefined) throw new ConfigurationError([`${file}: is not an identity token of three parts`]);
  return text;
}

function readText(file: string): string {
  try {
    return readFileSync(file === "-" ? STANDARD_INPUT : file, "utf8");
  } catch {
    throw new ConfigurationError([`${file}: cannot be read`]);
  }
}
