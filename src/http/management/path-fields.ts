import * as z from "zod";
import { isNamespaceName, isRobotName, isRobotShortName, type RobotName } from "../../domain/access/names.ts";
import { isRepositoryName } from "../../domain/access/repository.ts";

/** Parameters of paths. A name that cannot exist is refused here, so none reaches a store. */

export const namespaceField = z
  .string()
  .refine(isNamespaceName, "must be lower-case letters and digits, with single . _ - between, or _ alone")
  .meta({ description: "The first component of its repositories' names.", examples: ["acme"] });

export const robotShortNameField = z
  .string()
  .refine(isRobotShortName, "must be 2 to 126 lower-case letters and digits, with single . _ - between")
  .meta({ description: "`builder` of `acme+builder`.", examples: ["builder"] });

export const robotField = z
  .string()
  .transform((text, context): RobotName => {
    if (isRobotName(text)) return text;
    context.addIssue({ code: "custom", message: "must be a robot account's name, such as acme+builder" });
    return z.NEVER;
  })
  .meta({ description: "A robot account's full name.", examples: ["acme+builder"] });

export const repositoryField = z
  .string()
  .refine(isRepositoryName, "must be a repository's name, such as acme/app")
  .meta({
    description: "A repository's full name; its slashes may stand as they are.",
    examples: ["acme/app"],
  });
