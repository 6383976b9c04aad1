import type { Algorithm, ReplayPolicy } from "../issuer.ts";
import type { JsonObject } from "../strict-json.ts";

/** An issuer family: what its tokens say of a job, and what a rule about them must say. Data and small pure functions. */
export interface Profile {
  /** As a declaration names it. */
  readonly name: string;
  /** Whether `url` is of this family; the generic profile takes what no other does. */
  readonly recognises: (url: string) => boolean;
  /** Whether many customers share the issuer `url`, so that a rule must name one of `tenants`. */
  readonly isShared: (url: string) => boolean;
  /** What an issuer is registered with unless the operator says otherwise. */
  readonly defaults: IssuerDefaults;
  /** Each names a tenant by itself: an id that is never given twice, or a name with the id to add. */
  readonly tenants: readonly NamedClaim[];
  /** Claims whose values can be given up and taken by somebody else, each with the id that stays. */
  readonly recyclable: readonly NamedClaim[];
  /** Claims that who can start a job can choose, with all that is nested in them: they never carry a rule alone. */
  readonly chosenByJob: readonly string[];
  /** Whether the tenant, or the job's owner, can give `sub` another form. */
  readonly subjectCanBeCustomised: boolean;
  /** The tenant that a subject or pattern names, by the part of it that stands before any wildcard. */
  readonly tenantOfSubject: (fixedPrefix: string) => SubjectTenant;
  /** Every spelling of one and the same subject; undefined when the token contradicts itself. */
  readonly subjectSpellings: (claims: JsonObject) => readonly string[] | undefined;
  /**
   * Jobs that are refused unless a rule names the claim. What cannot be read counts as what is refused: a claim
   * of the wrong type must not be a way around.
   */
  readonly denials: readonly Denial[];
  /** Claims that are kept with a credential, so that an auditor finds the run. */
  readonly provenance: readonly string[];
  /** Names for `{…}` in the repositories of a rule, and the claim that fills each. */
  readonly variables: Readonly<Record<string, Variable>>;
}

interface IssuerDefaults {
  readonly algorithms: readonly Algorithm[];
  /** Never `reusable`: that is for an operator to write. */
  readonly replay: Exclude<ReplayPolicy, "reusable">;
  /** The longest `exp − iat` in seconds. */
  readonly maxLifetimeSeconds: number;
  /** Set where the platform fixes the audience, so that it cannot be Berth's own. */
  readonly fixedAudience?: string;
}

export interface NamedClaim {
  readonly claim: string;
  /** The claim that names the same thing and is never given twice; absent where `claim` is such an id itself. */
  readonly id?: string;
  /** Of an id: whether many owners are under it, so that a name such as a repository's is not one of a kind there. */
  readonly manyOwners?: true;
}

/** `id`: never given twice. `name`: can be recycled. `none`: the prefix names no tenant. */
export type SubjectTenant = "id" | "name" | "none";

export interface Denial {
  /** The claim whose mention in a rule lifts the denial; `sub`: a subject without a wildcard does. */
  readonly claim: string;
  readonly denies: (claims: JsonObject) => boolean;
  /** What kind of job it is, for the auditor and the linter's page. */
  readonly what: string;
}

export interface Variable {
  readonly claim: string;
  /** The part of the claim's value that is taken. */
  readonly take: "whole" | "last-segment" | "first-segment";
}
