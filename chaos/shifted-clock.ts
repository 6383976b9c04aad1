/** Loaded before Berth in its process: SIGUSR2 puts its clock off by a minute, as a wrong clock is, and back. */
const SHIFT_MS = 60_000;

const RealDate = Date;
let shiftMs = 0;

class ShiftedDate extends RealDate {
  constructor(...args: []) {
    if (args.length === 0) super(RealDate.now() + shiftMs);
    else super(...args);
  }

  static override now(): number {
    return RealDate.now() + shiftMs;
  }
}

globalThis.Date = ShiftedDate as DateConstructor;
process.on("SIGUSR2", () => {
  shiftMs = shiftMs === 0 ? SHIFT_MS : 0;
});
