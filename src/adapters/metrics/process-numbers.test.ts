import { beforeEach, expect, it } from "vitest";
import { TestClock } from "../../../test/support/test-clock.ts";
import { UnavailableError } from "../../usecases/ports.ts";
import { NumbersOfProcesses, type ProcessNumbers } from "./process-numbers.ts";
import { PrometheusMetrics } from "./prometheus.ts";

/** A process that counts, and answers unless it hangs. */
class CountedProcess {
  readonly pid: number;
  readonly metrics = new PrometheusMetrics();
  storeIsUp = true;
  hangs = false;

  constructor(pid: number) {
    this.pid = pid;
    const ping = async () => {
      if (!this.storeIsUp) throw new UnavailableError("down");
    };
    this.metrics.observe({
      directory: {
        ping,
        readSystem: async () => ({ revision: 1, issuers: [], registries: [] }),
        readKeys: async () => [],
      },
      ledger: { ping },
      clock: new TestClock(),
      audit: () => ({ lost: pid, buffered: pid, sinkLost: 0, nearMissesLost: 0, leftOut: 0 }),
    });
  }

  async numbers(): Promise<ProcessNumbers | undefined> {
    // As it comes over the channel.
    return this.hangs ? undefined : JSON.parse(JSON.stringify(await this.metrics.numbers()));
  }
}

let running: CountedProcess[];
let one: CountedProcess;
let two: CountedProcess;
let all: NumbersOfProcesses;
beforeEach(() => {
  one = new CountedProcess(1);
  two = new CountedProcess(2);
  running = [one, two];
  all = new NumbersOfProcesses(() => running);
  one.metrics.exchange("granted", undefined);
  two.metrics.exchange("granted", undefined);
  two.metrics.exchange("token_used", undefined);
  one.metrics.request("/v2/auth", 200, 3);
  two.metrics.request("/v2/auth", 200, 30);
});

async function series(...names: readonly string[]): Promise<readonly string[]> {
  const lines = (await all.text()).split("\n");
  return lines.filter((line) => names.some((name) => line.startsWith(name))).toSorted();
}

/** As the parent takes one that has ended. */
function end(process: CountedProcess, final?: ProcessNumbers): void {
  running = running.filter((each) => each !== process);
  all.ended(process.pid, final);
}

it("are sums of counters and histograms", async () => {
  expect(await series("berth_exchanges_total")).toEqual([
    'berth_exchanges_total{result="granted",profile="none"} 2',
    'berth_exchanges_total{result="token_used",profile="none"} 1',
  ]);
  expect(await series("berth_request_duration_seconds_count", "berth_request_duration_seconds_sum")).toEqual([
    'berth_request_duration_seconds_count{route="/v2/auth",status="2xx"} 2',
    'berth_request_duration_seconds_sum{route="/v2/auth",status="2xx"} 0.033',
  ]);
  expect(await series('berth_request_duration_seconds_bucket{le="0.005"', "berth_audit_events_lost")).toEqual(
    [
      "berth_audit_events_lost_total 3",
      'berth_request_duration_seconds_bucket{le="0.005",route="/v2/auth",status="2xx"} 1',
    ],
  );
});

it("say that a store is up where it is for every process", async () => {
  expect(await series("berth_store_up")).toEqual([
    'berth_store_up{store="directory"} 1',
    'berth_store_up{store="ledger"} 1',
  ]);
  two.storeIsUp = false;
  expect(await series("berth_store_up")).toEqual([
    'berth_store_up{store="directory"} 0',
    'berth_store_up{store="ledger"} 0',
  ]);
});

it("are those that a process said last where it does not answer", async () => {
  await all.text();
  two.hangs = true;
  one.metrics.exchange("granted", undefined);
  expect(await series('berth_exchanges_total{result="granted"')).toEqual([
    'berth_exchanges_total{result="granted",profile="none"} 3',
  ]);
});

it.each([
  ["what it says at its end", true, 4],
  ["what it said last, where it was killed", false, 3],
])("keep, of a process that has ended, %s", async (_, saysGoodbye, total) => {
  await all.text();
  two.metrics.exchange("granted", undefined);
  one.metrics.exchange("granted", undefined);
  end(two, saysGoodbye ? await two.metrics.numbers() : undefined);
  end(new CountedProcess(3));
  const expected = [
    `berth_exchanges_total{result="granted",profile="none"} ${total}`,
    "berth_audit_events_buffered 1",
  ];
  expect(await series('berth_exchanges_total{result="granted"', "berth_audit_events_buffered")).toEqual(
    expected.toSorted(),
  );
});

it("keep it once, though it ends while it is asked", async () => {
  const numbers = two.numbers.bind(two);
  two.numbers = async () => {
    const said = await numbers();
    end(two, await two.metrics.numbers());
    return said;
  };
  const expected = ['berth_exchanges_total{result="granted",profile="none"} 2'];
  expect(await series('berth_exchanges_total{result="granted"')).toEqual(expected);
  expect(await series('berth_exchanges_total{result="granted"')).toEqual(expected);
});

it("are none while no process has said any", async () => {
  running = [];
  expect(await all.text()).toBe("\n");
  expect(all.contentType).toBe("text/plain; version=0.0.4; charset=utf-8");
});
