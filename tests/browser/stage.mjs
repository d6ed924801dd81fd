// Plans on the disk, and the reports of the program about them.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const PROGRAM = process.env.TASKPROOF;
if (!PROGRAM) throw new Error("TASKPROOF names no program: run .ci/slow");

export const scratch = mkdtempSync(join(tmpdir(), "taskproof-report-"));
export const clear = () => rmSync(scratch, { recursive: true, force: true });

/** Runs the program; `codes` are those it may end with. */
export function run(directory, args, { codes = [0, 10, 11, 12], input = "" } = {}) {
  const { GITHUB_STEP_SUMMARY, GITHUB_EVENT_PATH, ...env } = process.env;
  const options = { cwd: directory, env, input, encoding: "utf8", maxBuffer: 1 << 28 };
  const ended = spawnSync(PROGRAM, args, options);
  if (!codes.includes(ended.status)) throw new Error(`${args.join(" ")}: ${ended.status}\n${ended.stderr}`);
  return ended.stdout;
}

/** Names of the situations that the program carries with it. */
export function situations() {
  const list = run(scratch, ["demo", "list"]).split("\n");
  return list.map((line) => line.split(": ")[0]).filter((name) => /^[a-z0-9-]+$/.test(name));
}

/** A situation in a directory of its own, as it was before the repair. */
export function situation(name) {
  const directory = join(mkdtempSync(join(scratch, "situation-")), name);
  run(scratch, ["demo", name, "--keep", directory]);
  return directory;
}

/** The page of a command, as the address of a file; `null` where the command refuses the plan. */
export function report(directory, command) {
  const page = join(directory, `report-${command}.html`);
  const out = run(directory, [command, "--format", "html"], { codes: [0, 1, 2, 3, 4, 10, 11, 12] });
  if (!out) return null;
  writeFileSync(page, out);
  return pathToFileURL(page).href;
}

/** A plan with these rows of `finalize.json`. */
export function plan(name, tasks) {
  const directory = join(scratch, name);
  const files = join(directory, ".megaplan/plans", name);
  mkdirSync(files, { recursive: true });
  const write = (file, value) => writeFileSync(join(files, file), `${JSON.stringify(value, null, 2)}\n`);
  write("state.json", { name, current_state: "finalized", config: {}, meta: {} });
  write("finalize.json", { tasks });
  return directory;
}

export function task(id, files, description = `Work on ${id}.`) {
  return {
    id, description, depends_on: [], status: "done", executor_notes: "Did it.",
    files_changed: files, commands_run: ["make test"], evidence_files: [], reviewer_verdict: "",
  };
}
