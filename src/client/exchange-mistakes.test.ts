import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { json } from "../../test/support/ci-platforms/token-endpoint.ts";
import {
  environmentOf,
  exchangeWith,
  expectProblem,
  type Mistake,
} from "../../test/support/client-mistake.ts";
import { type ClientWorld, startClientWorld } from "../../test/support/client-world.ts";
import { IssuerKeyPair } from "../../test/support/issuer-key-pair.ts";
import { revokeCredential } from "./berth-client.ts";
import type { EXCHANGE_TEXTS } from "./texts/exchange-texts.ts";

let world: ClientWorld;
beforeEach(async () => {
  world = await startClientWorld();
});
afterEach(() => world.close());

/** Seconds before the next second of the world's clock, when its tokens are issued. */
function at({ berth }: ClientWorld, seconds: number): number {
  return berth.clock.seconds() + 1 + seconds;
}

const MISTAKES: Readonly<
  Record<keyof typeof EXCHANGE_TEXTS, { readonly make: Mistake; readonly says: string }>
> = {
  no_match: {
    says: "berth explain acme+other --request ",
    make: (of) => exchangeWith(of, { robot: "acme+other" }),
  },
  issuer_unknown: {
    says: "- url: https://unknown.example.com/",
    make: (of) => exchangeWith(of, { claims: { iss: "https://unknown.example.com/" } }),
  },
  token_expired: {
    says: "second entry",
    make: (of) => exchangeWith(of, { platform: "gitlab", claims: { iat: at(of, -600), exp: at(of, -300) } }),
  },
  clock_differs: {
    says: "The clocks differ",
    make: (of) => exchangeWith(of, { claims: { iat: at(of, 600), exp: at(of, 900) } }),
  },
  token_used: {
    says: "one token for each entry under `id_tokens`",
    make: async (of) => {
      const token = await of.sign();
      await exchangeWith(of, { token });
      return exchangeWith(of, { token, retryKey: "l".repeat(22), platform: "gitlab" });
    },
  },
  token_revoked: {
    says: "was revoked",
    make: async (of) => {
      // Of another, what is told is that it was used.
      await of.berth.put({ issuer: { audiences: [of.url], replay: "reusable" } });
      const token = await of.sign();
      const earned = await exchangeWith(of, { token });
      if (earned.ok) await revokeCredential(environmentOf(of), { ...earned.value, server: of.url });
      return exchangeWith(of, { token });
    },
  },
  token_predates_store: {
    says: "began anew",
    make: (of) => exchangeWith(of, { claims: { iat: at(of, -200) } }),
  },
  token_lifetime_too_long: {
    says: "4000 s",
    make: (of) => exchangeWith(of, { claims: { iat: at(of, 0), exp: at(of, 4000) } }),
  },
  token_too_large: {
    says: "16 KiB",
    make: (of) => exchangeWith(of, { claims: { more: "x".repeat(16_384) } }),
  },
  audience_refused: {
    says: "does not take the audience",
    make: async (of) => {
      await of.berth.put({ issuer: { audiences: ["https://berth.example.com"] } });
      return exchangeWith(of);
    },
  },
  signature_refused: {
    says: "signature_invalid",
    make: async (of) => {
      const key = new IssuerKeyPair("key-1", "ES256");
      return exchangeWith(of, { token: await of.issuer.sign({ aud: of.url }, {}, { key }) });
    },
  },
  claim_malformed: {
    says: "form: sub, exp.",
    make: (of) => exchangeWith(of, { claims: { sub: undefined, exp: undefined } }),
  },
  keys_unavailable: {
    says: "cannot reach the issuer",
    make: async (of) => {
      await of.issuer.close();
      return exchangeWith(of, { retryForMs: 1000 });
    },
  },
  scope_malformed: { says: "acme/app", make: (of) => exchangeWith(of, { scopes: ["acme/app"] }) },
  scope_not_granted: {
    says: "repository:acme/other:pull",
    make: (of) => exchangeWith(of, { scopes: ["repository:acme/other:pull"] }),
  },
  ttl_malformed: { says: "299 s", make: (of) => exchangeWith(of, { ttl: 299 }) },
  too_many_credentials: {
    says: "log out",
    make: async (of) => {
      await of.berth.put({ issuer: { audiences: [of.url], replay: "reusable" } });
      const token = await of.sign();
      for (let count = 0; count < 20; count += 1) {
        await exchangeWith(of, { token, retryKey: String(count).padStart(22, "k") });
      }
      return exchangeWith(of, { token });
    },
  },
  refused: {
    says: "Some day this is a reason.",
    make: (of) => {
      const description = "Some day this is a reason.";
      of.mishaps.push(json(400, { reason: "new_reason", error_description: description, request_id: "r1" }));
      return exchangeWith(of);
    },
  },
};

describe("a job that Berth refuses", () => {
  it.each(Object.entries(MISTAKES))("is told of %s", async (code, { make, says }) => {
    const { message, mend } = expectProblem(await make(world), code);
    expect(`${message}\n${mend}`).toContain(says);
  });

  it("is told what Berth's store does", async () => {
    world.berth.breakStore();
    const problem = expectProblem(await exchangeWith(world), "server_unavailable");
    expect(problem.message).toContain("Berth's store does not answer.");
    expect(problem.mend).toMatch(/tried for (5\d|60) s.*: [\w-]{8,}\.$/);
  });

  it("is told of its clock, where Berth's says that the token has expired and its own does not", async () => {
    const environment = environmentOf(world);
    const token = await world.sign();
    world.berth.clock.advance(3_600_000);
    world.berth.storeClock.advance(3_600_000);
    expectProblem(await exchangeWith(world, { token, environment }), "clock_differs");
  });
});
