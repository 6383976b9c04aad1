import * as z from "zod";
import { webRandom } from "../../adapters/runtime/web-random.ts";
import { newRobotToken } from "../../domain/accounts/secret.ts";
import { sha256Hex } from "../../domain/identity/digest.ts";
import { apiCommand } from "./api-command.ts";
import { robotPath } from "./api-path.ts";
import { wholeOption } from "./options.ts";
import { showSecret } from "./show.ts";

export const robotsToken = apiCommand({
  words: ["robots", "token"],
  positionals: ["ROBOT"],
  options: {
    hash: { type: "boolean" },
    grace: { type: "string" },
    "expires-in": { type: "string" },
  },
  usage: "[--hash | --grace SECONDS --expires-in SECONDS]",
  summary: "makes a robot account a new token, and prints it once",
  description:
    "Regenerates the robot token of ROBOT and prints it, once. The old one and every live credential of the robot are dead\nwhen it has answered; --grace leaves the old one alive for so long. It has no end, unless --expires-in gives it one.\nWith --hash nothing is changed anywhere: the token goes to standard output, and the line for a declaration file to\nstandard error.",
  example: "berth robots token acme+builder",
  async run(api, { values, positionals: [name] }) {
    const path = `${robotPath(name)}/token`;
    if (values.hash === true) return printDeclared();
    const grace = wholeOption(values, "grace");
    const expiresIn = wholeOption(values, "expires-in");
    const body = {
      ...(grace === undefined ? {} : { grace_seconds: grace }),
      ...(expiresIn === undefined ? {} : { expires_in: expiresIn }),
    };
    return showSecret(await api.call("POST", path, { body }), {
      shape: z.object({ name: z.string(), robot_token: z.string() }),
      json: false,
      secret: ({ robot_token }) => robot_token,
      note: (robot) => `${robot.name}: it is not shown again`,
    });
  },
});

async function printDeclared(): Promise<number> {
  const token = newRobotToken(webRandom).expose();
  console.log(token);
  console.error(`token_hash: "sha256:${await sha256Hex(token)}"`);
  return 0;
}
