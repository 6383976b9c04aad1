/** A thread that reads one declaration and ends: `createDeclarationReader` starts it. */
import { parentPort, workerData } from "node:worker_threads";
import { readSentDeclaration, type SentDeclaration } from "./read-sent-declaration.ts";

parentPort?.postMessage(readSentDeclaration(workerData as SentDeclaration));
