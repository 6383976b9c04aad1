import type { RobotName } from "../../domain/access/names.ts";
import type { ManagementReason, Rejection } from "../../domain/rejection.ts";
import type { Result } from "../../domain/result.ts";
import type { ApiTokens, Ledger } from "../ports.ts";
import type { ManagementDeps } from "./change-context.ts";

export interface CutOffDeps extends ManagementDeps {
  readonly ledger: Ledger;
  readonly apiTokens: ApiTokens;
}

/** What is to end at once. */
export type CutOffTarget =
  | { readonly kind: "credential"; readonly id: string }
  /** Any secret of Berth's, shown by its holder or by who found it; `robot` spares the search for a robot token's. */
  | { readonly kind: "secret"; readonly text: string; readonly robot?: RobotName }
  /** All that identity tokens earned with it; its robot token stays. */
  | { readonly kind: "robot"; readonly name: RobotName }
  | { readonly kind: "rule"; readonly robot: RobotName; readonly ruleId: string }
  | { readonly kind: "namespace"; readonly name: string }
  /** With `since` (Unix seconds) what was earned at or after it; without, all. */
  | { readonly kind: "issuer"; readonly url: string; readonly since?: number }
  /** All that identity tokens earned; robot tokens and API tokens stay. */
  | { readonly kind: "everything" };

/** What has ended. */
export interface CutOff {
  /** How many records; "all": they died with a nonce or an epoch, and nobody counted them. */
  readonly ended: number | "all";
  /** What ended and what did not, as a sentence without a secret in it. */
  readonly what: string;
}

export type CutOffOutcome = Result<CutOff, Rejection<ManagementReason>>;
