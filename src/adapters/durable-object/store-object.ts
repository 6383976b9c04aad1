import { DurableObject } from "cloudflare:workers";
import type { DurableObjectState } from "@cloudflare/workers-types";
import type { Clock } from "../../usecases/ports.ts";
import { purgeEvents } from "../audit/sqlite-audit-log.ts";
import { systemClock } from "../runtime/system-clock.ts";
import { AuditEvents, type AuditRecordLimits, type EventRow } from "../sqlite/audit-events.ts";
import type { Sql } from "../sqlite/sql.ts";
import type { AuditCalls } from "./audit-calls.ts";
import { firstPlaceAt } from "./event-place.ts";
import type { ObjectSteps } from "./object-schema.ts";
import { ObjectSql } from "./object-sql.ts";

/** What all objects have: SQLite, an audit record, and a clock, which is the store's. */
export abstract class StoreObject extends DurableObject<unknown> implements AuditCalls {
  protected readonly sql: Sql;
  protected readonly clock: Clock = systemClock;
  protected readonly events: AuditEvents;

  constructor(
    ctx: DurableObjectState,
    env: unknown,
    steps: ObjectSteps,
    limits: Omit<AuditRecordLimits, "nextPlace">,
  ) {
    super(ctx, env);
    this.sql = new ObjectSql(ctx.storage, steps);
    this.events = new AuditEvents(this.sql, {
      ...limits,
      nextPlace: () => firstPlaceAt(this.clock.now()),
    });
  }

  async readEvents(before: number, limit: number): Promise<readonly EventRow[]> {
    return this.events.readBefore(before, limit);
  }

  purgeSubject(subject: string): Promise<number> {
    return purgeEvents(this.sql, subject);
  }
}
