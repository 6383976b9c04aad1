import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aNamespace, anEvent, aRobot } from "../../support/baseline.ts";
import { startTestBerth, type TestBerth } from "../../support/berth-app.ts";
import { apiToken, manage } from "../../support/management-calls.ts";
import { credentialFor, registryToken } from "../../support/requests.ts";

/** `Fri, 10 May 2024 17:46:02 -0000`, the creation date of the seed's answers. */
const CREATED_AT = 1_715_363_162;

let berth: TestBerth;
beforeEach(async () => {
  berth = await startTestBerth();
  for (const [name, kind] of [
    ["test-org", "organization"],
    ["alice", "user"],
  ] as const) {
    await berth.directory.commitNamespace({
      name,
      fromRevision: 0,
      namespace: aNamespace({ name, kind, managedBy: "api" }),
      putRobots: [
        aRobot({ name: `${name}+test`, createdAt: CREATED_AT, rules: [], permissions: [], managedBy: "api" }),
      ],
      removeRobots: [],
      event: anEvent(berth.clock.now(), { kind: "directory.changed" }),
    });
  }
});
afterEach(() => berth.close());

/** `curl -X POST -H "Authorization: Bearer <bearer_token>" "<host>/api/v1/…"`: no body and no content type. */
function curl(path: string, bearerToken: string) {
  return manage(berth.app, "POST", path, { token: bearerToken });
}

describe("regenerate", () => {
  it.each([
    {
      whose: "an organization's robot",
      path: "/organization/test-org/robots/test/regenerate",
      name: "test-org+test",
      token: { scopes: ["org:admin"] as const, namespaces: ["test-org"] },
    },
    {
      whose: "the current user's robot",
      path: "/user/robots/test/regenerate",
      name: "alice+test",
      token: { scopes: ["org:admin"] as const, namespaces: ["alice"], user: "alice" },
    },
  ])("answers for $whose as the seed has it", async ({ path, name, token }) => {
    const answer = await curl(path, await apiToken(berth, token));
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(JSON.stringify(answer.body)).toMatch(
      new RegExp(
        `^\\{"name":"${name.replace("+", "\\+")}","created":"Fri, 10 May 2024 17:46:02 -0000","last_accessed":null,"description":"","token":"brp_[0-9A-Za-z]{49}"\\}$`,
      ),
    );
  });

  it("kills the token before and every live credential of the robot", async () => {
    await berth.put({ robot: { managedBy: "api" }, namespace: { managedBy: "api" } });
    const token = await apiToken(berth);
    const regenerate = async () => {
      const { body } = await curl("/organization/acme/robots/builder/regenerate", token);
      return String((body as { token: string }).token);
    };
    const first = await regenerate();
    const credential = await credentialFor(berth.app, await berth.issuer.sign());
    const statuses = async (...passwords: readonly string[]) => {
      const answers = await Promise.all(passwords.map((password) => registryToken(berth.app, { password })));
      return answers.map(({ status }) => status);
    };
    expect(await statuses(first, credential)).toEqual([200, 200]);
    const second = await regenerate();
    expect(await statuses(first, credential, second)).toEqual([401, 401, 200]);
  });

  it("keeps one token before alive for the grace time that is asked for", async () => {
    await berth.put({ robot: { managedBy: "api" }, namespace: { managedBy: "api" } });
    const token = await apiToken(berth);
    const regenerate = async (body?: object) => {
      const answer = await manage(berth.app, "POST", "/organization/acme/robots/builder/regenerate", {
        token,
        body,
      });
      return String((answer.body as { token: string }).token);
    };
    const status = async (password: string) => (await registryToken(berth.app, { password })).status;
    const first = await regenerate();
    const second = await regenerate({ grace_seconds: 600 });
    expect([await status(first), await status(second)]).toEqual([200, 200]);
    berth.clock.advance(600_000);
    expect([await status(first), await status(second)]).toEqual([401, 200]);
  });
});
