import type { PlannedObject } from "../../domain/accounts/declaration.ts";
import { type ManagementReason, type Rejection, rejection } from "../../domain/rejection.ts";

/** An object that stands against applying a declaration. */
export interface RefusedObject extends Pick<PlannedObject, "kind" | "name"> {
  readonly reason: ManagementReason;
  /** Why, without a subject. */
  readonly sentence: string;
}

/** Why a declaration is not applied: with every object that stands against it, where it is for objects. */
export interface DeclarationRefusal extends Rejection<ManagementReason> {
  readonly objects?: readonly RefusedObject[];
}

/** One refusal for all; it has the reason of the first. Undefined: nothing stands against it. */
export function refusalOfObjects(objects: readonly RefusedObject[]): DeclarationRefusal | undefined {
  const [first] = objects;
  if (first === undefined) return undefined;
  const rest = objects.length > 1 ? `, and ${objects.length - 1} more` : "";
  return { ...rejection(first.reason, `${first.kind} ${first.name} ${first.sentence}${rest}`), objects };
}
