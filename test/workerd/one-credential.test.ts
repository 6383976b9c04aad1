import { afterAll, beforeAll, expect, it } from "vitest";
import { exchange, registryToken } from "../support/requests.ts";
import { applyBaseline, startWorkerWorld, type WorkerWorld } from "../support/worker-world.ts";

const AT_ONCE = 60;

let world: WorkerWorld;
beforeAll(async () => {
  world = await startWorkerWorld();
  await applyBaseline(world);
});
afterAll(() => world.close());

const exchanges = async (form = {}) => {
  const token = await world.issuer.sign({ aud: world.url });
  return Promise.all(Array.from({ length: AT_ONCE }, () => exchange(world.app, token, form)));
};

// attack 4
it("60 exchanges of one identity token at once give one credential", async () => {
  const answers = await exchanges();
  const granted = answers.filter(({ status }) => status === 200);
  const refused = answers.filter(({ status }) => status !== 200).map(({ body }) => body.reason);
  expect(granted).toHaveLength(1);
  expect(refused).toEqual(Array.from({ length: AT_ONCE - 1 }, () => "token_used"));
  const credential = String(granted[0]?.body.access_token);
  expect((await registryToken(world.app, { password: credential })).status).toBe(200);
});

it("with one retry key they leave one alive", async () => {
  const answers = await exchanges({ retry_key: "retry-key-of-this-very-round" });
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  const uses = await Promise.all(
    answers.map(({ body }) => registryToken(world.app, { password: String(body.access_token) })),
  );
  expect(uses.filter(({ status }) => status === 200)).toHaveLength(1);
});

it("many isolates' first requests at once agree on one CA", async () => {
  const cold = await startWorkerWorld();
  const answers = await Promise.all(Array.from({ length: 10 }, () => cold.app.request("/keys/ca.pem")));
  const certificates = await Promise.all(answers.map((answer) => answer.text()));
  expect(new Set(certificates).size).toBe(1);
  await cold.close();
});
