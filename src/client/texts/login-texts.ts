import type { ProblemTexts } from "./problem-text.ts";

/** What stands in the way between a credential and the tools that are to use it. */
export const LOGIN_TEXTS = {
  auth_file_malformed: {
    message:
      "{file} is not a file of logins: it is not JSON, or its `auths` are no object. It was left as it is.",
    mend: "Mend it or move it away; an empty file will do.",
  },
  file_unreadable: {
    message: "{file} cannot be read ({fault}).",
    mend: "Check whose file it is: a step that ran as another user may have made it. DOCKER_CONFIG names another folder.",
  },
  file_unwritable: {
    message: "{file} cannot be written ({fault}).",
    mend: "Check whose folder it is, and that the disk has room. DOCKER_CONFIG names another folder; --private makes one.",
  },
  file_locked: {
    message: "{file} has been held by another process for too long.",
    mend: "If no other `berth` runs on this machine, remove that file.",
  },
  credential_store_failed: {
    message: "The credential store `docker-credential-{store}` failed to {verb}: {told}",
    mend: "On a machine without a desktop, take `credsStore` out of Docker's config.json, or use --private, which uses no store.",
  },
  robot_missing: {
    message: "No robot account is named for {registry}.",
    mend: "Name it: --robot acme+builder, or BERTH_ROBOT.",
  },
  registries_of_two_servers: {
    message:
      "{registry} takes its tokens from {server}, the others from {other}: one credential cannot be printed for both.",
    mend: "Ask for each by a command of its own.",
  },
  helper_answers: {
    message: "`docker-credential-berth` answers for {registry} already, in {file}.",
    mend: "No login is needed. To log in all the same: berth configure-docker --remove {registry}",
  },
  auth_variable_hides: {
    message:
      "DOCKER_AUTH_CONFIG has a login for {registry}, which docker 28.3 and later use in place of this one.",
    mend: "Take {registry} out of it, or begin the steps that push with: unset DOCKER_AUTH_CONFIG",
  },
  private_folder_foreign: {
    message: "{folder} is there already, and is not this user's alone.",
    mend: "Another user of this machine may have made it. Remove it, or set TMPDIR to a folder of the job's own.",
  },
  helper_not_on_path: {
    message:
      "There is no `docker-credential-berth` on PATH, without which Docker would go on without a login and say nothing.",
    mend: "Put one there:\n  ln -s {program} /usr/local/bin/docker-credential-berth",
  },
  revocation_failed: {
    message: "Berth at {server} has not revoked the credential: {told}",
    mend: "Here it is removed all the same, and it ends by itself at {expires}.",
  },
} as const satisfies ProblemTexts;
