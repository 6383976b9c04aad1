import { chmodSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ClientJob } from "../../test/support/client-job.ts";
import { login } from "./login.ts";
import { logout } from "./logout.ts";

let job: ClientJob;
beforeEach(async () => {
  job = await ClientJob.onGitHub();
});
afterEach(() => job.close());

/** A credential store of the user's that keeps one secret in a file, and notes its arguments. */
function installStore(script = STORE): void {
  chmodSync(job.write("bin/docker-credential-vault", script, 0o700), 0o700);
  job.write(".docker/config.json", { credsStore: "vault" });
}

const STORE = `#!/bin/sh
cd "$HOME" && echo "$@" >> arguments
case $1 in
  store) umask 077; cat > secret ;;
  get) cat > asked; [ -e secret ] && cat secret || { echo "credentials not found in native keychain"; exit 1; } ;;
  erase) cat > asked; rm secret ;;
esac
`;

const request = () => ({ robot: "acme+builder", scopes: [], registries: [job.names[0]] });
const stored = () => JSON.parse(readFileSync(job.path("secret"), "utf8")) as Record<string, string>;

it("gets the secret on its standard input, and the file an empty entry", async () => {
  installStore();
  expect((await login(job.context(), request())).ok).toBe(true);
  const [registry] = job.names;
  expect(stored()).toEqual({ ServerURL: registry, Username: "acme+builder", Secret: expect.any(String) });
  expect(await job.opens(stored().Secret)).toBe(true);
  expect(job.config()).toEqual({ credsStore: "vault", auths: { [registry]: {} } });
  expect(readFileSync(job.path("arguments"), "utf8")).toBe("store\n");
});

it("is emptied at the logout, and the credential ended", async () => {
  installStore();
  await login(job.context(), request());
  const { Secret } = stored();
  expect(await logout(job.context(), [])).toMatchObject({ value: { problems: [] } });
  expect(await job.opens(Secret)).toBe(false);
  expect(job.config()).toEqual({ credsStore: "vault", auths: {} });
  expect(() => stored()).toThrow("ENOENT");
  expect(readFileSync(job.path("asked"), "utf8")).toBe(job.names[0]);
});

it("keeps what has become somebody else's", async () => {
  installStore();
  await login(job.context(), request());
  job.write("secret", { ServerURL: "x", Username: "person", Secret: "own" });
  await logout(job.context(), []);
  expect(stored().Secret).toBe("own");
});

it.each([
  { why: "is missing", script: undefined, told: "there is no such program" },
  { why: "fails", script: "#!/bin/sh\ncat > /dev/null; echo 'no D-Bus'; exit 1\n", told: "no D-Bus" },
  { why: "fails with the secret", script: "#!/bin/sh\ncat; exit 1\n", told: "[a secret]" },
])("is told of where it $why", async ({ script, told }) => {
  if (script === undefined) job.write(".docker/config.json", { credsStore: "nowhere" });
  else installStore(script);
  const done = await login(job.context(), request());
  expect(done).toMatchObject({
    error: { code: "credential_store_failed", message: expect.stringContaining(told) },
  });
  expect(JSON.stringify(done)).not.toMatch(/brc_[0-9A-Za-z]{8}/);
});

it("is no path", async () => {
  job.write(".docker/config.json", { credsStore: "../../bin/sh" });
  expect(await login(job.context(), request())).toMatchObject({
    error: { message: expect.stringContaining("its name is no program's") },
  });
});
