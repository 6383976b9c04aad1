/** Set-up of mutation runs: a property fails at its first counter-example, which nobody reads there, unshrunk. */
import fc from "fast-check";

fc.configureGlobal({ seed: 42, numRuns: 30, endOnFailure: true });
