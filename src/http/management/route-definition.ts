import type { Context } from "hono";
import type * as z from "zod";
import type { FileProblem } from "../../config/problem.ts";
import type { ApiScope } from "../../domain/access/api-scope.ts";
import type { Caller } from "../../domain/accounts/caller.ts";
import type { JsonValue } from "../../domain/identity/strict-json.ts";
import type { ManagementReason, Rejection } from "../../domain/rejection.ts";
import type { Result } from "../../domain/result.ts";
import type { Finding } from "../../domain/rules/rule-finding.ts";
import type { ChangeContext } from "../../usecases/management/change-context.ts";
import type { RefusedObject } from "../../usecases/management/refused-object.ts";
import type { AppDeps, AppEnv } from "../deps.ts";
import type { NamespaceKind, NamespaceSource } from "./namespace-source.ts";

/** A refusal, with what more there is to tell. */
export interface ManagementRefusal extends Rejection<ManagementReason> {
  /** Of refused rules: what the linter found. */
  readonly findings?: readonly Finding[];
  /** Of a declaration: what is wrong with its files. */
  readonly problems?: readonly FileProblem[];
  /** Of a declaration: what stands against it. */
  readonly objects?: readonly RefusedObject[];
}

/** What a handler gives: the body of the route's own status, and the version that becomes the ETag. */
export interface ManagementAnswer {
  /** Absent: the answer has none (204). */
  readonly body?: object | string;
  readonly version?: string;
}

/** A request that was authenticated, authorized and read. */
export interface ManagementRequest<Params, Query, Body, Place> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** The body as it was written: parsing loses digits of a large number. */
  readonly written: JsonValue | undefined;
  /** The Accept header; empty: there is none. */
  readonly accept: string;
  readonly caller: Caller;
  /** The namespace that the route is about; undefined where it is about none, or about all. */
  readonly namespace: Place;
  /** For the use case: the caller, the condition of If-Match, and who asks. */
  readonly context: ChangeContext;
}

/** What of a route the document, the router and the authorization matrix read. */
export interface RouteFacts {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** Below `/api/v1`, with parameters as OpenAPI writes them. A `{repository}` may hold slashes. */
  readonly path: string;
  readonly tag: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  /** Any one of them is enough; "any": whoever is authenticated. */
  readonly scopes: readonly ApiScope[] | "any";
  /** Whether an API token that an identity token earned may come here at all. */
  readonly exchanged: boolean;
  readonly success: SuccessAnswer;
  /** Besides those that every route has: `unauthenticated`, `insufficient_scope`, `store_unavailable`. */
  readonly errors: readonly ManagementReason[];
  /** Reasons of an unknown object that the body names and not the path: 400 then. */
  readonly namedInBody?: readonly ManagementReason[];
}

export interface SuccessAnswer {
  readonly status: 200 | 201 | 202 | 204;
  readonly description: string;
  /** Absent: no body. */
  readonly schema?: z.ZodType;
  readonly example?: unknown;
  /** Absent: JSON. */
  readonly contentType?: string;
  /** The other form in which Accept may ask for the answer: JSON lines, each of this schema. */
  readonly lines?: { readonly schema: z.ZodType; readonly example: string };
  readonly hasVersion?: true;
}

export interface RequestBody<Body> {
  readonly schema: z.ZodType<Body>;
  readonly example: unknown;
  /** Whether a request without a body means an empty object. */
  readonly optional?: true;
  /** 1 MiB unless it says otherwise. */
  readonly maxBytes?: number;
}

/** A route as it is written down: `defineRoute` makes it one of the table. */
export interface RouteSource<Params, Query, Body, Place> extends RouteFacts {
  readonly namespace: NamespaceSource<NoInfer<Params>, NoInfer<Query>, Place>;
  /** Of each parameter of the path. */
  readonly params: ObjectSchema<Params>;
  readonly query?: ObjectSchema<Query>;
  readonly body?: RequestBody<Body>;
  /** A `Response` only where the answer is not JSON: a stream. */
  handle(
    deps: AppDeps,
    request: ManagementRequest<Params, Query, Body, Place>,
  ): Promise<Result<ManagementAnswer | Response, ManagementRefusal>>;
}

export type ObjectSchema<Value> = z.ZodObject & z.ZodType<Value>;

/** A route of the table: everything about it but the types that its handler sees. */
export interface ManagementRoute extends RouteFacts {
  readonly namespaceKind: NamespaceKind;
  readonly params: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: RequestBody<unknown>;
  /** Authorizes, reads and answers the request of an authenticated caller. */
  answer(deps: AppDeps, c: Context<AppEnv>): Promise<Response>;
}
