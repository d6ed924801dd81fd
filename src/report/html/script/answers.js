// The questions as a form. It makes the lines that `--answers` takes; nothing leaves the page but by copying.

class Answers {
  constructor(section, data, prefix) {
    this.prefix = prefix;
    this.questions = [...section.querySelectorAll("[data-question]")]
      .map((element) => this.question(element, data.questions[element.dataset.question]))
      .filter(Boolean);
    if (this.questions.length) this.total(section);
  }

  /** The form of one question; none where no answer can help. */
  question(element, { answer, ...candidates }) {
    const pre = element.querySelector("pre.answer");
    let given;
    try {
      given = JSON.parse(answer);
    } catch {
      return null;
    }
    const question = { element, pre, given, isTouched: false, lists: new Map() };
    for (const field of ["files_changed", "commands_run"]) {
      if (given[field] || candidates[field].length) {
        question.lists.set(field, this.list(element, pre, field, candidates[field], given[field] ?? []));
      }
    }
    this.nothing(question);
    element.querySelector(".how").textContent = "The line for --answers:";
    addCopyButton(pre, `the answer about ${given.task_id}`);
    element.addEventListener("input", () => this.changed(question));
    return question;
  }

  list(element, pre, field, candidates, given) {
    let box = element.querySelector(`[data-field="${field}"]`);
    if (!box) {
      box = make("div", "choices", make("p", "label", field === "files_changed" ? "Files" : "Commands"));
      element.querySelector(".how").before(box);
    }
    const checks = [...box.querySelectorAll("li")].map((item, at) => {
      const check = make("input", "");
      check.type = "checkbox";
      check.checked = given.includes(candidates[at]);
      const label = make("label", "", check, ...item.childNodes);
      item.replaceChildren(label);
      return { check, value: candidates[at] };
    });
    const others = make("textarea", "");
    others.rows = 1;
    others.value = given.filter((value) => !candidates.includes(value)).join("\n");
    const noun = field === "files_changed" ? "files" : "commands";
    box.append(make("label", "others", `Other ${noun}, one a line`, others));
    return { box, checks, others };
  }

  nothing(question) {
    const check = make("input", "");
    check.type = "checkbox";
    const reason = make("input", "");
    reason.type = "text";
    reason.placeholder = "only asked the user";
    const why = make("label", "others", "Reason", reason);
    why.hidden = true;
    const label = make("label", "nothing", check, "It changed nothing and ran nothing");
    question.element.querySelector(".how").before(label, why);
    Object.assign(question, { isEmpty: check, reason, why });
  }

  changed(question) {
    question.isTouched = true;
    question.why.hidden = !question.isEmpty.checked;
    for (const { box } of question.lists.values()) box.hidden = question.isEmpty.checked;
    question.pre.firstElementChild.textContent = this.line(question);
    this.update();
  }

  line({ given, lists, isEmpty, reason }) {
    if (isEmpty.checked) return visibleJson({ task_id: given.task_id, empty: true, reason: reason.value.trim() });
    const answer = { ...given };
    for (const [field, { checks, others }] of lists) {
      const chosen = checks.filter(({ check }) => check.checked).map(({ value }) => value);
      const typed = others.value.split("\n").map((line) => line.trim()).filter(Boolean);
      answer[field] = [...new Set([...chosen, ...typed])];
    }
    return visibleJson(answer);
  }

  /** All answers given so far, to copy or to save. */
  total(section) {
    this.heading = make("h3", "", "Your answers");
    this.lines = make("code", "");
    const pre = make("pre", "copy answers", this.lines);
    const save = make("button", "", "Save as answers.jsonl");
    save.type = "button";
    save.addEventListener("click", () => this.save());
    this.frame = make("div", "all", this.heading, make("p", "how-many quiet"), pre, save);
    section.querySelector(".all-answers")?.before(this.frame) ?? section.append(this.frame);
    addCopyButton(pre, "all answers");
    this.update();
  }

  update() {
    const answered = this.questions.filter((question) => question.isTouched);
    this.lines.textContent = answered.map((question) => `${this.line(question)}\n`).join("");
    const said = `${answered.length} of ${count(this.questions.length, "question")} answered`;
    this.frame.querySelector(".how-many").textContent = said;
    this.frame.classList.toggle("none", !answered.length);
    if (answered.length) say(said);
  }

  save() {
    const link = make("a", "");
    link.download = "answers.jsonl";
    link.href = URL.createObjectURL(new Blob([this.lines.textContent], { type: "application/jsonl" }));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }
}
