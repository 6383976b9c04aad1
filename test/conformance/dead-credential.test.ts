import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestBerth, type TestBerth } from "../support/berth-app.ts";
import {
  type Answer,
  credentialFor,
  registryToken,
  registryTokenByForm,
  revoke,
} from "../support/requests.ts";

let berth: TestBerth;
beforeAll(async () => {
  berth = await startTestBerth();
});
afterAll(() => berth.close());

describe("a dead credential", () => {
  const REVOKED = "this credential was revoked: exchange a new identity token and log in again";

  it.each<{ client: string; ask: (dead: string) => Promise<Answer>; status: number; code: string }>([
    {
      client: "dockerd",
      ask: (dead) => registryToken(berth.app, { password: dead, userAgent: "docker/28.5.2 go/go1.27.1" }),
      status: 403,
      code: "DENIED",
    },
    {
      client: "containerd",
      ask: (dead) => registryTokenByForm(berth.app, dead, { client_id: "containerd-client" }),
      status: 403,
      code: "DENIED",
    },
    {
      client: "the docker command line alone",
      ask: (dead) => registryToken(berth.app, { password: dead, userAgent: "Docker-Client/28.2.2 (linux)" }),
      status: 401,
      code: "UNAUTHORIZED",
    },
    {
      client: "skopeo",
      ask: (dead) => registryToken(berth.app, { password: dead, userAgent: "skopeo/1.22.0" }),
      status: 401,
      code: "UNAUTHORIZED",
    },
    {
      client: "buildkit",
      ask: (dead) => registryTokenByForm(berth.app, dead),
      status: 401,
      code: "UNAUTHORIZED",
    },
  ])("is $status to $client", async ({ ask, status, code }) => {
    const dead = await credentialFor(berth.app, await berth.issuer.sign());
    await revoke(berth.app, dead);
    const answer = await ask(dead);
    expect([answer.status, answer.body]).toEqual([status, { errors: [{ code, message: REVOKED }] }]);
    expect(answer.headers.has("www-authenticate")).toBe(status === 401);
  });

  it("is told only to who holds it: a wrong password is 401 to dockerd too", async () => {
    const answer = await registryToken(berth.app, { password: "wrong", userAgent: "docker/28.5.2" });
    expect(answer.body).toEqual({
      errors: [{ code: "UNAUTHORIZED", message: "robot account or password is wrong" }],
    });
    expect(answer.status).toBe(401);
  });
});
