import { ROBOT, SERVICE } from "./declaration.ts";
import type { DemoIssuer } from "./issuer.ts";

interface RunningDemo {
  readonly berth: string;
  readonly issuer: DemoIssuer;
  readonly caFile: string;
  readonly file: string;
  readonly logFile: string;
  /** Undefined where no registry could be started. */
  readonly registryPort: number | undefined;
}

/** Lines to paste into another terminal while the demo runs. */
export function printWhatToTry(demo: RunningDemo): void {
  const { berth, issuer, registryPort } = demo;
  console.log(`
All of it went as it must. Berth stays up until Ctrl-C; in another terminal, try:

  # what a CI job does: an identity token from the platform …
  ID_TOKEN=$(curl -sS --cacert ${demo.caFile} '${issuer.url}/job/id-token?audience=${berth}' | cut -d'"' -f4)

  # … traded for a credential (a second time it is refused)
  CREDENTIAL=$(printf %s "$ID_TOKEN" | curl -sS ${berth}/oauth2/token \\
    -d grant_type=urn:ietf:params:oauth:grant-type:token-exchange \\
    -d subject_token_type=urn:ietf:params:oauth:token-type:id_token \\
    --data-urlencode robot=${ROBOT} --data-urlencode subject_token@- | cut -d'"' -f4)

  # a registry token for it
  printf 'user = "${ROBOT}:%s"' "$CREDENTIAL" | curl -sS -K - '${berth}/v2/auth?service=${SERVICE}&scope=repository:acme/app:pull,push'
${registryPort === undefined ? "" : loginLines(registryPort)}
  # its end
  printf %s "$CREDENTIAL" | curl -sS ${berth}/oauth2/revoke --data-urlencode token@-

  The declaration file is ${demo.file}
  the server's log is     ${demo.logFile}
`);
}

function loginLines(registryPort: number): string {
  return `
  # the registry itself
  echo "$CREDENTIAL" | docker login 127.0.0.1:${registryPort} -u ${ROBOT} --password-stdin
`;
}
