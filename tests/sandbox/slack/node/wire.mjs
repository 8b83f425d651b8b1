// One JSON object a line: what the test asks comes in, answers and what was heard go out.
import { createInterface } from "node:readline";

const write = process.stdout.write.bind(process.stdout);
export const tell = (line) => write(`${JSON.stringify(line)}\n`);

// Whatever the libraries print is no part of the conversation.
for (const level of ["log", "info", "warn", "debug"]) console[level] = (...words) => console.error(...words);

export function answerWith(answers) {
  const lines = createInterface({ input: process.stdin });
  lines.on("line", async (line) => {
    const { id, ask, given } = JSON.parse(line);
    try {
      tell({ id, answer: (await answers[ask](given)) ?? null });
    } catch (error) {
      tell({ id, error: { code: error.code ?? error.name, error: error.error ?? error.data?.error ?? error.message, data: error.data ?? error.result ?? null } });
    }
  });
  lines.on("close", () => process.exit(0));
}
