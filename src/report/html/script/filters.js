// Filters: which tasks, which paths, how sure at least. They hold for the matrix and for the list of tasks.

class Filters {
  constructor(form, data, matrix, entries) {
    this.form = form;
    this.tasks = data.tasks;
    this.matrix = matrix;
    this.entries = entries;
    this.texts = data.tasks.map((task) => `${task.id}\n${task.description}\n${task.reason}`.toLowerCase());
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => this.soon());
    form.addEventListener("reset", () => setTimeout(() => this.apply(), 0));
    this.apply(true);
  }

  /** After the last key, not after every one. */
  soon() {
    this.form.querySelector("output").textContent = `${this.form.elements.least.value} %`;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.apply(), 80);
  }

  apply(isFirst) {
    const { task, path, state, least } = this.form.elements;
    const text = task.value.trim().toLowerCase();
    const part = path.value.trim().toLowerCase();
    const [kind, ...rest] = state.value.split(":");
    const wanted = rest.join(":");
    const isWanted = (one) =>
      kind === "any" || (kind === "outcome" ? one.decision === wanted : one.status === wanted);
    const isShown = (file) =>
      file.confidence * 100 >= Number(least.value) && (!part || file.path.toLowerCase().includes(part));
    const needsFile = part !== "" || Number(least.value) > 0;
    const columns = [];
    this.tasks.forEach((one, at) => {
      const isIn =
        isWanted(one) && this.texts[at].includes(text) && (!needsFile || one.files.some(isShown));
      if (isIn) columns.push(at);
      this.entries[at].hidden = !isIn;
    });
    this.form.querySelector("output").textContent = `${least.value} %`;
    this.matrix.fill(columns, isShown);
    if (isFirst) return;
    const { rows, cells } = this.matrix;
    say(
      `${columns.length} of ${count(this.tasks.length, "task")}, ${count(rows.length, "file")}, ${count(cells, "cell")}`,
    );
  }
}
