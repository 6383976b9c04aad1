import { findProgram } from "../../support/find-server.ts";
import type { Image } from "./gitlab-job.ts";
import { applets, programsOfMachine } from "./watched-programs.ts";

const COMMON = ["cut", "tr", "sed", "base64", "od", "mkdir", "rm", "ln", "grep", "tail", "cat"];
/** Waiting takes no time here; that it was asked for is in the calls. */
const NO_WAIT = { sleep: ":" };
/** What the jobs of these tests use beside the templates' script. */
const OF_THE_JOB = ["skopeo", "test"];

/** An image of busybox alone, whose wget is all that speaks HTTP; its https needs openssl. */
export function busyboxImage(program: string, ...others: readonly string[]): Image {
  const programs = { ...applets(program, ...COMMON, "wget"), ...programsOfMachine(...OF_THE_JOB, ...others) };
  return { shell: [program, "sh"], programs: { ...programs, ...NO_WAIT } };
}

/** An image with a shell, by its full path, GNU's programs, and `sender` for HTTP. */
export function gnuImage(shell: string, sender: "curl" | "wget"): Image {
  return {
    shell: [shell],
    programs: { ...programsOfMachine(...COMMON, ...OF_THE_JOB, sender), ...NO_WAIT },
  };
}

/** An image that this machine may stand for: what it needs, its name, and the image if all of that is here. */
type Candidate = readonly [need: string, name: string, image: Image | undefined];

export function imagesOfMachine(): readonly Candidate[] {
  const busybox = findProgram("busybox");
  return [
    ["busybox", "busybox sh and wget", busybox === undefined ? undefined : busyboxImage(busybox)],
    gnuCandidate("dash", "curl"),
    gnuCandidate("dash", "wget"),
    gnuCandidate("bash", "curl"),
  ];
}

function gnuCandidate(shell: string, sender: "curl" | "wget"): Candidate {
  const [program, hasSender] = [findProgram(shell), findProgram(sender) !== undefined];
  const image = program !== undefined && hasSender ? gnuImage(program, sender) : undefined;
  return [hasSender ? shell : sender, `${shell} and ${sender}`, image];
}
