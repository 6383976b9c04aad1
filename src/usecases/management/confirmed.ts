import type { Rejection } from "../../domain/rejection.ts";
import type { Directory } from "../ports.ts";

/**
 * `answer`, when the store keeps what it rests on. A change that ended in an outage may stand with one server alone:
 * who asks for it again finds it done, and would be told so, though a failover could still undo it.
 *
 * @param namespace Absent: it rests on what belongs to none.
 */
export async function confirmed<T>(
  directory: Pick<Directory, "confirm">,
  namespace: string | undefined,
  answer: T,
): Promise<T> {
  await directory.confirm(namespace);
  return answer;
}

/** Whether a refusal says that something is gone, or never was. */
export function saysGone({ reason }: Rejection<string>): boolean {
  return reason.endsWith("_unknown");
}
