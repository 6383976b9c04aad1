import { type Answer, claimsOf, exchange, requestRegistryToken, revoke, verifyAsRegistry } from "./ci-job.ts";
import type { DemoIssuer } from "./issuer.ts";
import { findProgram, pushAndPull, startRegistry } from "./registry.ts";

interface Demo {
  readonly berth: string;
  readonly issuer: DemoIssuer;
  readonly folder: string;
  readonly registryPort: number;
  readonly keepRegistry: boolean;
}

/** Every step of a CI job's life with Berth. Throws at the first that does not go as it must. */
export async function runSteps(demo: Demo): Promise<{ close(): void } | undefined> {
  await nextSecond();
  const identityToken = await identityTokenStep(demo);
  const credential = await exchangeStep(demo, identityToken);
  await registryTokenStep(demo, credential);
  await replayStep(demo, identityToken);
  const registry = await pushStep(demo);
  await revocationStep(demo, credential);
  return registry;
}

/** A new ledger refuses identity tokens of the second in which it was born: they could have been used before. */
async function nextSecond(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1000 - (Date.now() % 1000)));
}

async function identityTokenStep({ berth, issuer }: Demo): Promise<string> {
  step(1, "The CI platform signs an identity token for the job");
  const identityToken = await issuer.identityToken(berth);
  const { iss, aud, sub, repository_id } = claimsOf(identityToken);
  show({ iss, aud, sub, repository_id });
  return identityToken;
}

async function exchangeStep({ berth }: Demo, identityToken: string): Promise<string> {
  step(2, "POST /oauth2/token: the job trades it for a registry credential");
  const answer = await exchange(berth, identityToken);
  expect(answer, 200);
  const { access_token, username, scope, expires_in } = answer.body;
  show({ username, password: `${String(access_token).slice(0, 10)}…`, scope, expires_in });
  return String(access_token);
}

async function registryTokenStep({ berth }: Demo, credential: string): Promise<void> {
  step(3, "GET /v2/auth: the registry token for a push, verified as a registry verifies it");
  const answer = await requestRegistryToken(berth, credential);
  expect(answer, 200);
  show(await verifyAsRegistry(berth, String(answer.body.token)));
  note("asked for pull, push and delete; the robot's WRITE gives pull and push");
}

async function replayStep({ berth }: Demo, identityToken: string): Promise<void> {
  step(4, "The same identity token a second time: refused");
  const answer = await exchange(berth, identityToken);
  expect(answer, 400, "token_used");
  show({ status: answer.status, reason: answer.body.reason, says: answer.body.error_description });
}

async function pushStep(demo: Demo): Promise<{ close(): void } | undefined> {
  const registryProgram = findProgram("docker-registry", "registry");
  const skopeo = findProgram("skopeo");
  if (!registryProgram || !skopeo) {
    step(5, "Push and pull an image: left out, since no registry program or no skopeo is on PATH");
    return undefined;
  }
  step(5, "A real registry that trusts Berth's CA: skopeo pushes an image and pulls it back");
  const registry = await startRegistry(registryProgram, demo.folder, demo.registryPort, demo.berth);
  try {
    const answer = await exchange(demo.berth, await demo.issuer.identityToken(demo.berth));
    expect(answer, 200);
    const credential = String(answer.body.access_token);
    show({
      pushed: "acme/app:demo",
      digest: await pushAndPull(skopeo, demo.folder, demo.registryPort, credential),
    });
  } catch (fault) {
    registry.close();
    throw fault;
  }
  if (!demo.keepRegistry) registry.close();
  return registry;
}

async function revocationStep({ berth }: Demo, credential: string): Promise<void> {
  step(6, "POST /oauth2/revoke: the credential ends, and opens nothing more");
  expect(await revoke(berth, credential), 200);
  const answer = await requestRegistryToken(berth, credential);
  expect(answer, 401);
  show({ status: answer.status, ...(answer.body.errors as object[])[0] });
}

function expect(answer: Answer, status: number, reason?: string): void {
  if (answer.status === status && (reason === undefined || answer.body.reason === reason)) return;
  throw new Error(`expected ${status} ${reason ?? ""}, got ${answer.status} ${JSON.stringify(answer.body)}`);
}

function step(number: number, text: string): void {
  console.log(`\n${number}. ${text}`);
}

function note(text: string): void {
  console.log(`   (${text})`);
}

function show(values: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(values)) {
    console.log(`   ${name.padEnd(14)}${typeof value === "string" ? value : JSON.stringify(value)}`);
  }
}
