import { canonicalJson } from "../canonical-json.ts";
import { type AuditView, auditDifference } from "./audit-view.ts";
import { isWritable, type PlanContext, type PlannedObject } from "./declaration.ts";

/** The difference between what a store has of one kind of object and what a declaration wants. */
export interface ListPlan<Stored> {
  readonly put: readonly Stored[];
  readonly remove: readonly Stored[];
  readonly objects: readonly PlannedObject[];
}

interface ListSpec<Declared, Stored> {
  readonly kind: PlannedObject["kind"];
  readonly context: Omit<PlanContext, "draw">;
  readonly current: readonly Stored[];
  readonly desired: readonly Declared[];
  readonly nameOf: (object: Declared | Stored) => string;
  /** The record to keep for `declared`, made from the old one if there is one. */
  readonly next: (declared: Declared, old: Stored | undefined) => Stored;
  readonly view: (object: Stored) => AuditView;
}

/** Touches what it may write and nothing else: another owner's object of a wanted name is a conflict. */
export function planList<Declared, Stored extends { readonly managedBy: string }>(
  spec: ListSpec<Declared, Stored>,
): ListPlan<Stored> {
  const old = new Map(spec.current.map((object) => [spec.nameOf(object), object]));
  const wanted = new Set(spec.desired.map(spec.nameOf));
  const put: Stored[] = [];
  const objects = spec.desired.map((declared): PlannedObject => {
    const planned = planOne(spec, declared, old.get(spec.nameOf(declared)));
    if (planned.put) put.push(planned.put);
    return planned.object;
  });
  const remove = spec.current.filter(
    (object) => object.managedBy === spec.context.owner && !wanted.has(spec.nameOf(object)),
  );
  const removed = remove.map(
    (object): PlannedObject => ({
      kind: spec.kind,
      name: spec.nameOf(object),
      outcome: "removed",
      ...auditDifference(spec.view(object), undefined),
    }),
  );
  return { put, remove, objects: [...objects, ...removed] };
}

function planOne<Declared, Stored extends { readonly managedBy: string }>(
  spec: ListSpec<Declared, Stored>,
  declared: Declared,
  old: Stored | undefined,
): { readonly object: PlannedObject; readonly put?: Stored } {
  const object = { kind: spec.kind, name: spec.nameOf(declared) };
  if (old !== undefined && !isWritable(old, spec.context)) {
    return { object: { ...object, outcome: "conflict", managedBy: old.managedBy } };
  }
  const next = spec.next(declared, old);
  if (old !== undefined && canonicalJson(next) === canonicalJson(old)) {
    return { object: { ...object, outcome: "unchanged" } };
  }
  const outcome = old === undefined ? "created" : "changed";
  const difference = auditDifference(old && spec.view(old), spec.view(next));
  return { object: { ...object, outcome, ...difference }, put: next };
}
