// Tasks across, files down. Only the rows in view are in the page, and of a row only what is not empty, so that the
// number of cells costs nothing. It is a table for all that, and a grid by its roles: one cell can be reached by the
// tab key, the others by the arrows.

const ROW = 30;
const AROUND = 8;

class Matrix {
  /** `open(task, file, back)` is called for a cell that is chosen. */
  constructor(frame, data, open) {
    this.frame = frame;
    this.tasks = data.tasks;
    this.open = open;
    this.active = { row: 0, column: 0 };
    this.table = make("table", "");
    this.table.setAttribute("role", "grid");
    this.table.setAttribute("aria-label", "How sure it is that a task changed a file");
    this.caption = make("caption", "aside");
    this.columns = make("colgroup", "");
    this.head = make("thead", "");
    this.body = make("tbody", "");
    this.table.append(this.caption, this.columns, this.head, this.body);
    frame.append(this.table);
    frame.addEventListener("scroll", () => this.later(), { passive: true });
    new ResizeObserver(() => this.later()).observe(frame);
    this.table.addEventListener("keydown", (event) => this.key(event));
    this.table.addEventListener("click", (event) => this.click(event));
    this.table.addEventListener("mouseover", (event) => this.hover(event));
  }

  /** Shows these columns (places of tasks) and of their files what `isShown(file)` keeps. */
  fill(columns, isShown) {
    const rows = new Map();
    columns.forEach((task, column) => {
      for (const file of this.tasks[task].files.filter(isShown)) {
        if (!rows.has(file.path)) rows.set(file.path, []);
        const cells = rows.get(file.path);
        // A path that a task has twice is one cell.
        if (cells.at(-1)?.column !== column) cells.push({ column, task: this.tasks[task], file });
      }
    });
    this.shown = columns;
    this.rows = [...rows].map(([path, cells]) => ({ path, cells })).sort((a, b) => (a.path < b.path ? -1 : 1));
    this.cells = this.rows.reduce((sum, row) => sum + row.cells.length, 0);
    this.table.setAttribute("aria-rowcount", this.rows.length + 1);
    this.table.setAttribute("aria-colcount", columns.length + 1);
    this.caption.textContent = `${count(columns.length, "task")} across, ${count(this.rows.length, "file")} down`;
    this.active = { row: 0, column: this.rows[0]?.cells[0].column ?? 0 };
    this.wanted = this.active.column;
    this.header();
    this.frame.scrollTop = 0;
    this.draw(true);
  }

  header() {
    const column = (className) => make("col", className);
    this.columns.replaceChildren(column("path"), ...this.shown.map(() => column("")));
    const corner = make("th", "corner", "File");
    corner.scope = "col";
    const titles = this.shown.map((task, at) => {
      const { id, decision } = this.tasks[task];
      const outcome = WORDS.outcome.get(decision);
      const title = make("th", decision, make("span", "", id));
      title.scope = "col";
      title.title = `${id}: ${outcome.text}`;
      title.setAttribute("role", "columnheader");
      title.setAttribute("aria-colindex", at + 2);
      return title;
    });
    const row = make("tr", "", corner, ...titles);
    row.setAttribute("role", "row");
    row.setAttribute("aria-rowindex", 1);
    this.head.replaceChildren(row);
  }

  later() {
    if (this.isWaiting) return;
    this.isWaiting = true;
    requestAnimationFrame(() => {
      this.isWaiting = false;
      this.draw(false);
    });
  }

  /** Puts the rows in view into the page, if others are there. Those that stay in view stay as they are. */
  draw(isNew) {
    if (!this.rows) return;
    const height = this.frame.clientHeight || 600;
    const first = Math.max(0, Math.floor(this.frame.scrollTop / ROW) - AROUND);
    const last = Math.min(this.rows.length, Math.ceil((this.frame.scrollTop + height) / ROW) + AROUND);
    if (isNew) this.drawn = new Map();
    else if (first === this.first && last === this.last) return;
    const hadFocus = this.body.contains(document.activeElement);
    [this.first, this.last] = [first, last];
    const kept = this.drawn;
    this.drawn = new Map();
    for (let at = first; at < last; at += 1) this.drawn.set(at, kept.get(at) ?? this.row(this.rows[at], at));
    for (const [at, row] of kept) if (!this.drawn.has(at)) row.remove();
    this.above = this.space(this.above, first);
    this.below = this.space(this.below, this.rows.length - last);
    if (isNew) this.body.replaceChildren(this.above, this.below);
    let next = this.above.nextSibling;
    for (const row of this.drawn.values()) {
      if (row === next) next = next.nextSibling;
      else next.before(row);
    }
    this.mark();
    if (hadFocus && !this.body.contains(document.activeElement)) {
      (this.cell() ?? this.table).focus({ preventScroll: true });
    }
  }

  /** A row as high as those that are not in the page. */
  space(row, rows) {
    row ??= make("tr", "space", make("td", ""));
    row.setAttribute("aria-hidden", "true");
    row.firstElementChild.colSpan = Math.min(1000, this.shown.length + 1);
    row.firstElementChild.style.height = `${rows * ROW}px`;
    row.hidden = rows === 0;
    return row;
  }

  row({ path, cells }, at) {
    const title = make("th", "path", make("span", "", path));
    title.scope = "row";
    title.title = path;
    title.setAttribute("role", "rowheader");
    title.setAttribute("aria-colindex", 1);
    const row = make("tr", "", title);
    row.setAttribute("role", "row");
    row.setAttribute("aria-rowindex", at + 2);
    let next = 0;
    for (const cell of cells) {
      this.gap(row, cell.column - next);
      row.append(this.filled(cell));
      next = cell.column + 1;
    }
    this.gap(row, this.shown.length - next);
    return row;
  }

  /** Cells without anything in them are one. */
  gap(row, columns) {
    for (let left = columns; left > 0; left -= 1000) {
      const cell = make("td", "gap");
      cell.colSpan = Math.min(1000, left);
      cell.setAttribute("aria-hidden", "true");
      row.append(cell);
    }
  }

  filled({ column, task, file }) {
    const cell = this.model(file).cloneNode(true);
    cell.style.setProperty("--sure", file.confidence);
    cell.setAttribute("aria-colindex", column + 2);
    cell.setAttribute("aria-label", `${task.id}: ${this.words(file)}`);
    return cell;
  }

  words({ confidence, decision, source }) {
    const from = WORDS.source.get(source).text;
    return `${percent(confidence)}, ${WORDS.decision.get(decision).text}, from ${from}`;
  }

  /** What cells of one sort have in common. */
  model({ decision, source, confidence }) {
    const strength = confidence > 0.75 ? "half most" : confidence > 0.5 ? "half" : "";
    const name = `cell ${decision} ${strength}`;
    this.models ??= new Map();
    const key = `${name} ${source}`;
    if (!this.models.has(key)) {
      const cell = make("td", name, WORDS.source.get(source).mark);
      cell.tabIndex = -1;
      cell.setAttribute("role", "gridcell");
      this.models.set(key, cell);
    }
    return this.models.get(key);
  }

  cell() {
    return this.drawn.get(this.active.row)?.querySelector(`.cell[aria-colindex="${this.active.column + 2}"]`);
  }

  /** One cell is reached by the tab key; the table itself, while that cell is out of view. */
  mark() {
    this.body.querySelector('[tabindex="0"]')?.setAttribute("tabindex", "-1");
    const cell = this.cell();
    cell?.setAttribute("tabindex", "0");
    this.table.tabIndex = cell || !this.rows.length ? -1 : 0;
  }

  /** Row and column of a cell in the page. */
  place(target) {
    const cell = target.closest("td.cell");
    if (!cell) return null;
    const number = (element, name) => Number(element.getAttribute(name)) - 2;
    return { row: number(cell.parentElement, "aria-rowindex"), column: number(cell, "aria-colindex") };
  }

  at({ row, column }) {
    return this.rows[row].cells.find((cell) => cell.column === column);
  }

  /** A cell under the mouse says what it is; most are never asked. */
  hover({ target }) {
    const place = this.place(target);
    if (!place || target.title) return;
    const { task, file } = this.at(place);
    target.title = `${task.id}, ${file.path}: ${this.words(file)}`;
  }

  move(row, column) {
    this.active = { row, column };
    const head = this.head.offsetHeight;
    const top = row * ROW;
    if (top < this.frame.scrollTop) this.frame.scrollTop = top;
    const below = top + ROW + head - this.frame.clientHeight;
    if (below > this.frame.scrollTop) this.frame.scrollTop = below;
    this.draw(false);
    this.mark();
    const cell = this.cell();
    cell?.focus({ preventScroll: true });
    cell?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** To another row, as near to the wanted column as it has a cell. */
  goToRow(row) {
    const at = Math.max(0, Math.min(this.rows.length - 1, row));
    const distance = (cell) => Math.abs(cell.column - this.wanted);
    const nearest = this.rows[at].cells.reduce((best, cell) => (distance(cell) < distance(best) ? cell : best));
    this.move(at, nearest.column);
  }

  goToColumn(column) {
    this.wanted = column;
    this.move(this.active.row, column);
  }

  key(event) {
    if (!this.rows.length || event.altKey || event.metaKey) return;
    const { row } = this.active;
    const { cells } = this.rows[row];
    const at = cells.findIndex((cell) => cell.column === this.active.column);
    const page = Math.max(1, Math.floor(this.frame.clientHeight / ROW) - 2);
    const actions = {
      ArrowRight: () => this.goToColumn(cells[Math.min(cells.length - 1, at + 1)].column),
      ArrowLeft: () => this.goToColumn(cells[Math.max(0, at - 1)].column),
      ArrowDown: () => this.goToRow(row + 1),
      ArrowUp: () => this.goToRow(row - 1),
      PageDown: () => this.goToRow(row + page),
      PageUp: () => this.goToRow(row - page),
      Home: () => (event.ctrlKey ? this.goToRow(0) : this.goToColumn(cells[0].column)),
      End: () => (event.ctrlKey ? this.goToRow(this.rows.length - 1) : this.goToColumn(cells.at(-1).column)),
      Enter: () => this.choose(cells[at]),
      " ": () => this.choose(cells[at]),
    };
    if (!actions[event.key]) return;
    event.preventDefault();
    actions[event.key]();
  }

  click(event) {
    const place = this.place(event.target);
    if (!place) return;
    this.active = place;
    this.wanted = place.column;
    this.mark();
    this.choose(this.at(place));
  }

  choose({ task, file }) {
    const { row, column } = this.active;
    this.body.querySelector(".chosen")?.classList.remove("chosen");
    this.cell()?.classList.add("chosen");
    this.open(task, file, () => {
      this.body.querySelector(".chosen")?.classList.remove("chosen");
      this.move(row, column);
    });
  }
}
