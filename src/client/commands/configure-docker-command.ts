import { configureDocker, unconfigureDocker } from "../configure-docker.ts";
import { HELPER_PROGRAM } from "../helper/helper-name.ts";
import type { ClientContext } from "../job-console.ts";
import {
  type Asked,
  type ClientCommand,
  tellProblem,
  tellUsage,
  WISH_OPTIONS,
  wishOptions,
} from "./client-command.ts";

export const configureDockerCommand: ClientCommand = {
  words: ["configure-docker"],
  positionals: ["REGISTRY..."],
  options: { ...WISH_OPTIONS, server: { type: "string" }, remove: { type: "boolean" } },
  usage: "[--robot ROBOT] [--server URL] [--scope SCOPE]... [--ttl SECONDS] | --remove",
  summary: "has docker and its like ask for a credential whenever they need one",
  description: [
    `Sets the credential helper ${HELPER_PROGRAM} for each REGISTRY in Docker's configuration, and what it asks Berth for beside it.`,
    "From then on docker, podman, skopeo, crane and oras need no login: the helper earns a credential when it is asked, keeps",
    "it for the job, and gets a new one in time. Without --robot, each job names its own in BERTH_ROBOT. --remove takes it out.",
  ].join("\n"),
  example: "berth configure-docker registry.example.com --robot acme+builder",
  run: runConfigureDocker,
};

async function runConfigureDocker(context: ClientContext, asked: Asked): Promise<number> {
  const { environment, console } = context;
  const { values, positionals: registries } = asked;
  const wish = wishOptions(asked);
  if (typeof wish === "string") return tellUsage(context, wish);
  const robot = typeof values.robot === "string" ? { robot: values.robot } : {};
  const done = values.remove
    ? await unconfigureDocker(environment, registries)
    : await configureDocker(environment, registries, { ...wish, ...robot }, process.argv[1] ?? "berth.mjs");
  if (!done.ok) return tellProblem(context, done.error);
  const what = values.remove ? "answers no more" : "answers";
  console.note(`berth: ${HELPER_PROGRAM} ${what} for ${registries.join(", ")}`);
  return 0;
}
