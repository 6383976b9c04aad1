/** Writes 100 events to the audit file that its argument names, in one batch, and prints how many were lost. */
import { FileSink } from "../../src/adapters/audit/file-sink.ts";
import { anEvent } from "./baseline.ts";

const [, , path = ""] = process.argv;
const sink = await FileSink.open({ path, now: () => 0, onLoss: () => undefined });
sink.write(Array.from({ length: 100 }, (_, at) => anEvent(1, { requestId: `${at}` })));
await sink.close();
console.log(sink.lost);
