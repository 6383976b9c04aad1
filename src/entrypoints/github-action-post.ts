import { createActionContext } from "../client/github-action/action-context.ts";
import { postStep } from "../client/github-action/post-step.ts";
import { annotation } from "../client/github-action/workflow-command.ts";
import { faultText } from "../client/own-fault.ts";

// The job's own result stands.
process.once("uncaughtException", (fault) => {
  process.stdout.write(`${annotation("warning", "Berth", faultText(fault))}\n`);
  process.exit(0);
});

await postStep(createActionContext(process.env));
