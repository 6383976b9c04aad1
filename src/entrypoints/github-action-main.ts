import { createActionContext } from "../client/github-action/action-context.ts";
import { readInputs } from "../client/github-action/action-inputs.ts";
import { mainStep } from "../client/github-action/main-step.ts";
import { annotation } from "../client/github-action/workflow-command.ts";
import { faultText } from "../client/own-fault.ts";

process.once("uncaughtException", (fault) => {
  process.stdout.write(`${annotation("error", "Berth", faultText(fault))}\n`);
  process.exit(1);
});

const inputs = readInputs(process.env);
if (inputs.ok) {
  const { server } = inputs.value;
  const variables = server === undefined ? process.env : { ...process.env, BERTH_SERVER: server };
  process.exitCode = await mainStep(createActionContext(variables), inputs.value);
} else {
  process.stdout.write(`${annotation("error", "Berth", inputs.error)}\n`);
  process.exitCode = 1;
}
