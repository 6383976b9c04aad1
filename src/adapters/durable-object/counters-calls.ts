import type { Series } from "../metrics/series.ts";

/** What the object of the counts answers. */
export interface CountersCalls {
  add(series: Series): Promise<void>;
  read(): Promise<Series>;
}
