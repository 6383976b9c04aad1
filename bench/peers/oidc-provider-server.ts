/**
 * oidc-provider whose one client authenticates by an RS256 JWT for one use (`private_key_jwt`, RFC 7523), and gets an
 * opaque token for it: its way that is nearest to an exchange. Its records are in Redis, by an adapter as its
 * documentation shows one. The package is in the folder PEER_PACKAGE.
 */
import { createServer } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Redis } from "ioredis";
import { announce } from "../floors/floor.ts";

type Listener = Parameters<typeof createServer>[1];
interface Provider {
  callback(): Listener;
}

const { PEER_PACKAGE = "", PEER_ISSUER = "", BENCH_JWK = "{}", BENCH_REDIS = "" } = process.env;
const loaded: { default: new (issuer: string, settings: object) => Provider } = await import(
  pathToFileURL(join(PEER_PACKAGE, "lib", "index.js")).href
);
const redis = new Redis(BENCH_REDIS, { enableAutoPipelining: true });

/** What a token endpoint needs of an adapter, a record a key. */
class RedisRecords {
  readonly #model: string;

  constructor(model: string) {
    this.#model = model;
  }

  async upsert(id: string, payload: object, expiresIn: number): Promise<void> {
    await redis.set(`oidc:${this.#model}:${id}`, JSON.stringify(payload), "EX", expiresIn);
  }

  async find(id: string): Promise<object | undefined> {
    const record = await redis.get(`oidc:${this.#model}:${id}`);
    return record === null ? undefined : (JSON.parse(record) as object);
  }

  async destroy(id: string): Promise<void> {
    await redis.del(`oidc:${this.#model}:${id}`);
  }
}

const provider = new loaded.default(PEER_ISSUER, {
  adapter: RedisRecords,
  clients: [
    {
      client_id: "bench",
      token_endpoint_auth_method: "private_key_jwt",
      token_endpoint_auth_signing_alg: "RS256",
      jwks: { keys: [JSON.parse(BENCH_JWK)] },
      grant_types: ["client_credentials"],
      redirect_uris: [],
      response_types: [],
    },
  ],
  clientAuthMethods: ["private_key_jwt"],
  features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
  ttl: { ClientCredentials: 3600 },
});
announce(createServer(provider.callback()));
