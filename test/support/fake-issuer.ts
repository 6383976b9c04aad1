import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { TrustedIssuer } from "../../src/domain/identity/issuer.ts";
import { anIssuer, PUBLIC_URL, SUBJECT } from "./baseline.ts";
import { answerWithFault, type IssuerFault } from "./issuer-faults.ts";
import { type IssuerAlgorithm, IssuerKeyPair } from "./issuer-key-pair.ts";
import { createPrivateCertificates, type PrivateCertificates } from "./private-certificates.ts";

export interface FakeIssuerOptions {
  /** Of the signing key; ES256 by default, whose keys are quickly drawn. */
  readonly algorithm?: IssuerAlgorithm;
  /** Of the issuer's URL, `/org/acme` for one; a trailing slash is kept. Empty by default. */
  readonly path?: string;
  /** Unix milliseconds, for the times in tokens; the machine's clock by default. */
  readonly now?: () => number;
  /** Host in the issuer's URL: a name that the certificate has. 127.0.0.1 by default. */
  readonly host?: "127.0.0.1" | "localhost" | "issuer.example.com";
  /** When its certificate ends, Unix milliseconds; in a day by default. */
  readonly certificateEndsAt?: number;
}

/** Members to set, or to leave out where the value is undefined. */
type Change = Readonly<Record<string, unknown>>;

/** What an issuer's certificate is for. */
export const ISSUER_NAMES = { dns: ["localhost", "issuer.example.com"], ip: ["127.0.0.1"] } as const;

const LIFETIME_SECONDS = 300;
const KEY_SET_PATH = "/keys";

/** A real OIDC issuer over HTTPS on a free port of 127.0.0.1, with a CA of its own and a knob for each fault. */
export async function startFakeIssuer(options: FakeIssuerOptions = {}): Promise<FakeIssuer> {
  const host = options.host ?? "127.0.0.1";
  const certificates =
    givenCertificates() ??
    (await createPrivateCertificates({
      ...ISSUER_NAMES,
      ...(options.certificateEndsAt === undefined ? {} : { notAfter: options.certificateEndsAt }),
    }));
  const server = createServer({ cert: certificates.cert, key: certificates.key });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const origin = `https://${host}:${address.port}`;
  return new FakeIssuer({ server, certificates, origin, options });
}

/** Those that a runtime was started to trust, since it takes no CA of an issuer's own (test/workerd). */
function givenCertificates(): PrivateCertificates | undefined {
  const given = process.env.BERTH_TEST_ISSUER_CERTIFICATES;
  return given === undefined ? undefined : JSON.parse(given);
}

interface Parts {
  readonly server: Server;
  readonly certificates: PrivateCertificates;
  readonly origin: string;
  readonly options: FakeIssuerOptions;
}

export class FakeIssuer {
  readonly url: string;
  readonly caPem: string;
  readonly port: number;
  /** Requests that arrived, those answered with a fault included. */
  readonly requests = { discovery: 0, jwks: 0 };
  /** Connections that were opened, those without a request included. */
  connections = 0;
  /** Sees each request first. */
  onRequest: ((request: IncomingMessage) => void) | undefined;
  /** What is answered instead of a document, until the knob is set back to undefined. */
  readonly faults: { discovery?: IssuerFault | undefined; jwks?: IssuerFault | undefined } = {};
  /** Members of the discovery document that are other than they should be; a text stands for the whole. */
  discovery: Change | string = {};
  /** Members of the key set, beside the signing key. */
  extraKeys: readonly unknown[] = [];
  /** Whether the signing key is published. */
  publishes = true;
  /** The key set's Cache-Control. */
  cacheControl: string | undefined;
  readonly #parts: Parts;
  #signing: IssuerKeyPair;
  #keysDrawn = 1;

  constructor(parts: Parts) {
    const { options, origin, certificates } = parts;
    this.#parts = parts;
    this.url = origin + (options.path ?? "");
    this.port = Number(new URL(origin).port);
    this.caPem = certificates.caPem;
    this.#signing = new IssuerKeyPair("key-1", options.algorithm ?? "ES256");
    parts.server.on("connection", () => {
      this.connections += 1;
    });
    parts.server.on("request", (request, response) => this.#answer(request, response));
  }

  /** The record by which Berth trusts this issuer. */
  issuer(change: Partial<TrustedIssuer> = {}): TrustedIssuer {
    return anIssuer({
      url: this.url,
      algorithms: ["ES256", "RS256", "EdDSA"],
      keys: {
        kind: "discovery",
        jwksHosts: [],
        ...(givenCertificates() === undefined
          ? { privateNetwork: true, caPem: this.caPem }
          : { privateNetwork: false }),
      },
      ...change,
    });
  }

  get signingKey(): IssuerKeyPair {
    return this.#signing;
  }

  /**
   * An identity token that is valid for the baseline, but for the changes.
   *
   * @param claims A text stands for the whole payload, as it is.
   * @param options `key`: another key than the published one.
   */
  async sign(
    claims: Change | string = {},
    header: Change = {},
    { key = this.#signing }: { readonly key?: IssuerKeyPair } = {},
  ): Promise<string> {
    const payload =
      typeof claims === "string" ? claims : JSON.stringify({ ...this.#baselineClaims(), ...claims });
    // JSON leaves out members that are undefined.
    return key.sign({ alg: key.algorithm, kid: key.kid, typ: "JWT", ...header }, payload);
  }

  /** Signs with a new key from now on, and publishes it in place of the old one. */
  async rotate({ keepKid = false }: { readonly keepKid?: boolean } = {}): Promise<void> {
    this.#keysDrawn += 1;
    const kid = keepKid ? this.#signing.kid : `key-${this.#keysDrawn}`;
    this.#signing = new IssuerKeyPair(kid, this.#signing.algorithm);
  }

  async close(): Promise<void> {
    const { server } = this.#parts;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  #baselineClaims(): Change {
    const now = Math.floor((this.#parts.options.now?.() ?? Date.now()) / 1000);
    return {
      iss: this.url,
      sub: SUBJECT,
      aud: PUBLIC_URL,
      // A store that was born in this very second refuses what was issued before the next.
      iat: now + 1,
      exp: now + 1 + LIFETIME_SECONDS,
      jti: randomUUID(),
    };
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.onRequest?.(request);
    const { pathname, search } = new URL(request.url ?? "/", this.#parts.origin);
    const base = new URL(this.url).pathname.replace(/\/$/, "");
    if (pathname === `${base}/.well-known/openid-configuration`) {
      this.requests.discovery += 1;
      const fault = search === "" ? this.faults.discovery : undefined;
      this.#answerWith(fault, request, response, this.#discoveryDocument());
    } else if (pathname === KEY_SET_PATH) {
      this.requests.jwks += 1;
      const published = this.publishes ? [this.#signing.publicJwk()] : [];
      const fault = search === "" ? this.faults.jwks : undefined;
      this.#answerWith(fault, request, response, { keys: [...published, ...this.extraKeys] });
    } else {
      response.writeHead(404).end();
    }
  }

  #discoveryDocument(): object | string {
    if (typeof this.discovery === "string") return this.discovery;
    const jwksUri = `${this.#parts.origin}${KEY_SET_PATH}`;
    return { issuer: this.url, jwks_uri: jwksUri, ...this.discovery };
  }

  #answerWith(
    fault: IssuerFault | undefined,
    request: IncomingMessage,
    response: ServerResponse,
    document: object | string,
  ): void {
    if (fault !== undefined) {
      answerWithFault(fault, request, response);
      return;
    }
    response.setHeader("content-type", "application/json");
    if (this.cacheControl !== undefined) response.setHeader("cache-control", this.cacheControl);
    response.end(typeof document === "string" ? document : JSON.stringify(document));
  }
}
