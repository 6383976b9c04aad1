import { expect, it } from "vitest";
import type { DirectoryUnderTest } from "../directory-contract.ts";

export function restoreCases(under: () => DirectoryUnderTest): void {
  it("the state of a restore is the one that was written last, until there is none", async () => {
    const { directory, second } = under();
    expect(await second.readRestoreState()).toBeUndefined();
    await directory.writeRestoreState(undefined);
    expect(await second.readRestoreState()).toBeUndefined();
    const [first, last] = [1, 2].map((startedAt) => ({ backup: `a${startedAt}`.repeat(32), startedAt }));
    await directory.writeRestoreState(first);
    expect(await second.readRestoreState()).toStrictEqual(first);
    await second.writeRestoreState(last);
    expect(await directory.readRestoreState()).toStrictEqual(last);
    await directory.writeRestoreState(undefined);
    expect(await second.readRestoreState()).toBeUndefined();
  });
}
