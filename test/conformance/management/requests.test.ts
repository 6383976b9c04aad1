import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { PUBLIC_URL } from "../../support/baseline.ts";
import { startTestBerth } from "../../support/berth-app.ts";
import { type ManagedBerth, startManagedBerth } from "../../support/managed-berth.ts";
import { apiToken, manage } from "../../support/management-calls.ts";

let world: ManagedBerth;
beforeAll(async () => {
  world = await startManagedBerth();
});
beforeEach(() => world.reset());
afterAll(() => world.berth.close());

const ROBOT = "/organization/acme/robots/coolbot";
const BUILDER = "/organization/acme/robots/builder";

describe("a refusal", () => {
  it("has Quay's members and ours, and nothing else", async () => {
    const { status, body, headers } = await world.operator("GET", ROBOT);
    const sentence = "There is no such robot account: acme+coolbot";
    expect(status).toBe(404);
    expect(body).toEqual({
      detail: sentence,
      error_message: sentence,
      error_type: "not_found",
      title: "not_found",
      type: `${PUBLIC_URL}/docs#not_found`,
      status: 404,
      reason: "robot_unknown",
      request_id: headers.get("x-request-id"),
    });
    expect(headers.get("cache-control")).toBe("no-store");
  });

  it("tells an outsider nothing of what the log knows", async () => {
    const reader = await world.holder("org:read");
    const { body } = await reader("DELETE", BUILDER);
    expect((body as { detail: string }).detail).toBe(
      "Unauthorized: the API token's scopes or namespaces do not reach this.",
    );
    expect(world.berth.log.at(-1)).toMatchObject({
      message: "request",
      route: "/api/v1/organization/:orgname/robots/:robot_shortname",
      reason: "insufficient_scope",
      detail: "needs robots:write",
    });
  });

  it("of rules carries what the linter found", async () => {
    const config = [{ issuer: world.berth.issuer.url, subject: "**" }];
    const { status, body } = await world.operator("POST", `${BUILDER}/federation`, config);
    expect([status, body]).toMatchObject([
      400,
      { reason: "rules_refused", findings: [{ rule: 0, level: "refuse", code: "pins-nothing", at: [] }] },
    ]);
    expect(await world.changes()).toEqual([]);
  });
});

describe("a path that is not there", () => {
  it.each([
    "/",
    "",
    "/organizations",
    "/organization/acme/robots/a/b",
    "/repository/acme/app/permissions/team/x",
  ])("answers 404 at %j in the shape of this API, without asking who it is", async (path) => {
    const { status, body } = await manage(world.berth.app, "GET", path);
    expect([status, body]).toMatchObject([
      404,
      { error_type: "not_found", reason: "not_found", status: 404 },
    ]);
  });

  it.each([
    ["PATCH", BUILDER, "GET, PUT, DELETE, HEAD"],
    ["GET", `${BUILDER}/regenerate`, "POST"],
    ["POST", "/user/", "GET, HEAD"],
    ["OPTIONS", "/organization/", "POST"],
    ["HEAD", `${BUILDER}/regenerate`, "POST"],
  ])("answers 405 to %s %s", async (method, path, allow) => {
    const { status, headers } = await manage(world.berth.app, method, path);
    expect([status, headers.get("allow")]).toEqual([405, allow]);
  });

  it("is one under another prefix than the public URL's", async () => {
    const berth = await startTestBerth({ publicUrl: "https://ci.example.com/berth" });
    const ask = async (path: string) => {
      const response = await berth.app.request(path);
      return [response.status, ((await response.json()) as { reason?: string }).reason];
    };
    expect(await ask("/berth/api/v1/user/")).toEqual([401, "unauthenticated"]);
    expect(await ask("/berth/api/v1/nothing")).toEqual([404, "not_found"]);
    expect(await ask("/api/v1/user/")).toEqual([404, undefined]);
    await berth.close();
  });
});

describe("a body", () => {
  const valid = '{"description":"x"}';

  it.each<{ what: string; body: string; contentType: string | undefined }>([
    { what: "without a content type", body: valid, contentType: undefined },
    { what: "with a character set", body: valid, contentType: "application/json; charset=utf-8" },
    { what: "of another JSON type", body: valid, contentType: "application/vnd.api+json" },
    { what: "that is empty", body: "", contentType: "application/x-www-form-urlencoded" },
    { what: "of white space", body: " \n", contentType: undefined },
  ])("is taken $what", async ({ body, contentType }) => {
    const answer = await put(ROBOT, body, contentType);
    expect(answer.status).toBe(201);
  });

  it.each<{ what: string; body: string; contentType?: string; status: number; detail: string }>([
    { what: "no JSON", body: "{", status: 400, detail: "not JSON" },
    {
      what: "two members of one name",
      body: '{"description":"x","description":"y"}',
      status: 400,
      detail: "one name",
    },
    { what: "a hundred levels", body: "[".repeat(100) + "]".repeat(100), status: 400, detail: "too deep" },
    { what: "a list", body: "[]", status: 400, detail: "expected object" },
    {
      what: "a form",
      body: "description=x",
      contentType: "application/x-www-form-urlencoded",
      status: 415,
      detail: "must be JSON",
    },
    { what: "text", body: valid, contentType: "text/plain", status: 415, detail: "must be JSON" },
    {
      what: "over 1 MiB",
      body: `{"description":"${"x".repeat(1 << 20)}"}`,
      status: 413,
      detail: "larger than 1048576 bytes",
    },
  ])("is refused: $what", async ({ body, contentType = "application/json", status, detail }) => {
    const answer = await put(ROBOT, body, contentType);
    expect([answer.status, answer.body]).toMatchObject([status, { reason: "request_malformed", status }]);
    expect((answer.body as { detail: string }).detail).toContain(detail);
    expect(await world.changes()).toEqual([]);
  });

  it("of unknown length is read to its bound and no further", async () => {
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 1;
        controller.enqueue(new Uint8Array(64 * 1024).fill(0x20));
      },
    });
    const token = await apiToken(world.berth);
    const response = await world.berth.app.request(`/api/v1${ROBOT}`, {
      method: "PUT",
      headers: { authorization: `Bearer ${token}` },
      body,
      duplex: "half",
    } as RequestInit);
    expect(response.status).toBe(413);
    expect(sent).toBeLessThan(32);
  });

  it("that is needed is asked for in Quay's words", async () => {
    const { status, body } = await world.operator("POST", "/organization/");
    expect([status, body]).toMatchObject([
      400,
      { error_message: "The request is malformed: Missing JSON body" },
    ]);
  });

  it("of a caller without rights is not read", async () => {
    const reader = await world.holder("org:read");
    const { status } = await reader("PUT", ROBOT, "{");
    expect(status).toBe(403);
  });

  async function put(path: string, body: string, contentType: string | undefined) {
    const token = await apiToken(world.berth);
    const headers = new Headers({ authorization: `Bearer ${token}` });
    if (contentType !== undefined) headers.set("content-type", contentType);
    // Bytes, since a text would get a content type of its own.
    const bytes = new TextEncoder().encode(body);
    const response = await world.berth.app.request(`/api/v1${path}`, { method: "PUT", headers, body: bytes });
    return { status: response.status, body: (await response.json()) as unknown };
  }
});

describe("a fault", () => {
  it("of a store that is down is 503, whoever asks", async () => {
    const berth = await startTestBerth();
    const token = await apiToken(berth);
    berth.breakStore();
    const { status, headers, body } = await manage(berth.app, "GET", "/organization/acme", { token });
    expect([status, headers.get("retry-after"), body]).toMatchObject([
      503,
      "2",
      { error_type: "unavailable", reason: "store_unavailable" },
    ]);
    await berth.close();
  });

  it("of Berth's own is 500 in the same shape, and its story is in the log", async () => {
    const berth = await startTestBerth();
    const token = await apiToken(berth);
    berth.directory.readRobot = async () => {
      throw new Error("planted");
    };
    const { status, body } = await manage(berth.app, "GET", BUILDER, { token });
    expect([status, body]).toMatchObject([
      500,
      { error_type: "server_error", detail: "A fault of Berth's own." },
    ]);
    expect(berth.log.find(({ message }) => message === "fault")?.fault).toContain("planted");
    await berth.close();
  });
});
