import * as z from "zod";

/** Whether to remove what is still named by others. */
export const forceQuery = z.strictObject({
  force: z
    .enum(["true", "false"])
    .default("false")
    .transform((text) => text === "true")
    .meta({ description: "`true`: remove it though it is named. What names it stays, and opens nothing." }),
});
