import { createActionContext } from "../client/github-action/action-context.ts";
import { postStep } from "../client/github-action/post-step.ts";

await postStep(createActionContext(process.env));
