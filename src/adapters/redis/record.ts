import { UnavailableError } from "../../usecases/ports.ts";

/** Of every record in Redis. A change that an older Berth would misread makes it one more. */
const RECORD_VERSION = 1;

export function encodeRecord(record: object): string {
  return JSON.stringify({ v: RECORD_VERSION, ...record });
}

/** A record that Berth wrote. Its fields are taken as they are: whoever can write here owns Berth. */
export function decodeRecord<T>(text: string): T {
  const { v, ...record }: { v: unknown } = JSON.parse(text);
  if (v !== RECORD_VERSION) {
    throw new UnavailableError(`a record has version ${v}; this Berth reads version ${RECORD_VERSION}`);
  }
  return record as T;
}
