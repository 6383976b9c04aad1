import { type ClientProblem, clientProblem } from "../client-problem.ts";
import { earnChecked } from "../earn-checked.ts";
import { newRetryKey, type Wish } from "../exchange-id.ts";
import type { ClientContext } from "../job-console.ts";
import { login } from "../login.ts";
import { isWithoutIdentity } from "../no-identity.ts";
import { plain, plainJson } from "../plain-text.ts";
import { planVisits } from "../plan-visits.ts";
import {
  type Asked,
  type ClientCommand,
  PLACE_OPTIONS,
  robotOption,
  tellProblem,
  tellUsage,
  WISH_OPTIONS,
  wishOptions,
} from "./client-command.ts";

export const loginCommand: ClientCommand = {
  words: ["login"],
  positionals: ["REGISTRY..."],
  options: {
    ...PLACE_OPTIONS,
    ...WISH_OPTIONS,
    print: { type: "boolean" },
    "print-credential": { type: "boolean" },
    private: { type: "boolean" },
    "no-private": { type: "boolean" },
    "if-no-identity": { type: "string" },
  },
  usage:
    "--robot ROBOT [--server URL] [--scope SCOPE]... [--ttl SECONDS] [--print | --print-credential] [--private | --no-private] [--if-no-identity fail|skip] [--identity-token-file FILE]",
  summary: "logs a CI job in to registries, for an hour at most",
  description: [
    "Finds the job's identity token, trades it for a credential of ROBOT, and files that where docker, podman, skopeo, crane",
    "and oras look. Several registries behind one Berth share one credential. The server is --server, else BERTH_SERVER, else",
    "the one that the registry names. --scope narrows what the credential may do, --ttl how long.",
    "Where other jobs share the machine and its user, the login goes into a Docker configuration of the job's own (--private),",
    'which keeps plugins, contexts and builders. Later steps on GitHub and Azure find it; elsewhere: login=$(berth login ...); eval "$login".',
    "--print files nothing, and prints user name and credential as JSON; --print-credential the credential alone. GitHub and",
    "Azure black it out in the log; GitLab and others cannot, so let no step print it there.",
    "--if-no-identity skip: a job to which the platform gives no identity token, as to a pull request from a fork, goes on without.",
  ].join("\n"),
  example: "berth login registry.example.com --robot acme+builder",
  run: runLogin,
};

const IF_NO_IDENTITY = ["fail", "skip"];

async function runLogin(context: ClientContext, asked: Asked): Promise<number> {
  const { values, positionals: registries } = asked;
  const wish = wishOptions(asked);
  if (typeof wish === "string") return tellUsage(context, wish);
  const mode = String(values["if-no-identity"] ?? "fail");
  if (!IF_NO_IDENTITY.includes(mode)) return tellUsage(context, "--if-no-identity takes fail or skip");
  if (values.private && values["no-private"])
    return tellUsage(context, "--private or --no-private, not both");
  const robot = robotOption(context.environment, registries.join(", "));
  if (typeof robot !== "string") return tellProblem(context, robot);
  const isPrint = values.print === true || values["print-credential"] === true;
  const problem = isPrint
    ? await printLogin(context, registries, { ...wish, robot }, values.print === true)
    : await fileLogins(context, asked, { ...wish, robot });
  if (problem === undefined) return 0;
  if (mode === "fail" || !isWithoutIdentity(problem)) return tellProblem(context, problem);
  context.console.note(`berth: ${problem.message}\nIt goes on without a login (--if-no-identity skip).`);
  return 0;
}

type AskedFor = Omit<Wish, "server">;

async function fileLogins(
  context: ClientContext,
  { values, positionals: registries }: Asked,
  wish: AskedFor,
): Promise<ClientProblem | undefined> {
  const isPrivate = values.private === true ? true : values["no-private"] === true ? false : undefined;
  const done = await login(context, {
    ...wish,
    registries,
    ...(isPrivate === undefined ? {} : { isPrivate }),
  });
  if (!done.ok) return done.error;
  for (const { robot, key, scope, expiresAt } of done.value.logins) {
    const until = new Date(expiresAt * 1000).toISOString();
    context.console.note(`berth: ${robot} at ${key} until ${until}: ${plain(scope)}`);
  }
  return undefined;
}

async function printLogin(
  context: ClientContext,
  registries: readonly string[],
  wish: AskedFor,
  isJson: boolean,
): Promise<ClientProblem | undefined> {
  const { environment, console } = context;
  const visits = await planVisits(environment, registries);
  if (!visits.ok) return visits.error;
  const [visit, other] = visits.value;
  if (visit === undefined || other !== undefined) {
    const registry = other?.registries[0]?.host ?? "";
    const facts = { registry, server: other?.server ?? "", other: visit?.server ?? "" };
    return clientProblem("registries_of_two_servers", facts);
  }
  const earned = await earnChecked(context, visit, wish, newRetryKey(environment));
  if (!earned.ok) return earned.error;
  const { username, scope, expiresAt } = earned.value;
  const credential = earned.value.credential.expose();
  const { server } = visit;
  console.out(
    isJson ? plainJson({ username, credential, expires_at: expiresAt, scope, server }) : credential,
  );
  return undefined;
}
