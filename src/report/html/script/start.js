// Brings the page to life, plan by plan.

function begin(plan) {
  const data = JSON.parse(document.getElementById(`${plan.id}-data`).textContent);
  for (const pre of plan.querySelectorAll("pre.copy:not(.answer)")) addCopyButton(pre, "the command");
  const questions = document.getElementById(`${plan.id}-questions`);
  if (questions) new Answers(questions, data, plan.id);
  const section = document.getElementById(`${plan.id}-matrix`);
  if (!section) return;
  section.querySelector(".scripted").hidden = false;
  const detail = new Detail(section.querySelector(".detail"), data);
  const entries = [...plan.querySelectorAll("[data-task]")];
  const matrix = new Matrix(section.querySelector(".grid"), data, (...chosen) => detail.show(...chosen));
  new Filters(section.querySelector(".filters"), data, matrix, entries);
  const list = document.getElementById(`${plan.id}-tasks`);
  list.addEventListener("click", (event) => tell(event, data, detail));
  list.addEventListener("toggle", (event) => addReasons(event.target), true);
  for (const entry of entries.filter((one) => one.open)) addReasons(entry);
  document.addEventListener("keydown", (event) => event.key === "Escape" && detail.hide());
}

/** Rows of an open task get a button that tells why. */
function addReasons(entry) {
  if (!entry.open || entry.dataset.reasons) return;
  entry.dataset.reasons = "yes";
  for (const row of entry.querySelectorAll(".candidates tbody tr")) {
    const button = make("button", "why", "Why");
    button.type = "button";
    button.setAttribute("aria-label", `Why ${row.querySelector("code").textContent}`);
    row.lastElementChild.append(button);
  }
}

function tell(event, data, detail) {
  const button = event.target.closest("button.why");
  if (!button) return;
  const row = button.closest("tr");
  const task = data.tasks[button.closest("[data-task]").dataset.task];
  const table = button.closest("table");
  detail.show(task, task[table.dataset.kind][row.sectionRowIndex], () => button.focus(), table);
}

/** A link to a folded task unfolds it. */
function unfold() {
  const target = document.getElementById(location.hash.slice(1));
  if (target instanceof HTMLDetailsElement) target.open = true;
}

addEventListener("hashchange", unfold);
unfold();
for (const plan of document.querySelectorAll("article.plan")) begin(plan);
