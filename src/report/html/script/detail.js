// The panel that tells of one file or command: signals, witnesses, and commands to look further.

class Detail {
  constructor(panel, data) {
    this.panel = panel;
    this.stage = panel.parentElement;
    this.data = data;
    this.lines = new Map(data.lines.map(({ commit, path, hunks }) => [lineKey(commit, path), hunks]));
    panel.querySelector(".close").addEventListener("click", () => this.hide());
    panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.stopPropagation();
        this.hide();
      }
    });
  }

  /** Shows a candidate; `back` puts the focus where it came from. Beside the matrix, or after `place` in the page. */
  show(task, candidate, back, place) {
    this.back = back;
    // On a small screen it is a sheet over the page, wherever it was asked for.
    const isSheet = matchMedia("(max-width: 60rem)").matches;
    if (place && !isSheet) place.after(this.panel);
    else this.stage.append(this.panel);
    this.stage.classList.toggle("open", !place || isSheet);
    const name = candidate.path ?? candidate.command;
    const heading = this.panel.querySelector("h3");
    heading.replaceChildren(make("span", "", task.id), " ", make("code", "", name));
    this.panel.querySelector(".body").replaceChildren(
      this.verdict(candidate),
      make("p", "description", ...prose(task.description)),
      ...this.signals(candidate.signals),
      ...this.witnesses(candidate),
      make("h4", "", "Look further"),
      copyable("the command", `taskproof explain ${quoted(task.id)} --plan ${this.data.plan}`),
    );
    this.panel.hidden = false;
    this.panel.scrollTop = 0;
    heading.focus({ preventScroll: true });
    if (!isSheet) this.panel.scrollIntoView({ block: "nearest" });
  }

  hide() {
    if (this.panel.hidden) return;
    this.panel.hidden = true;
    this.stage.classList.remove("open");
    this.back?.();
  }

  verdict(candidate) {
    const decision = WORDS.decision.get(candidate.decision);
    const source = WORDS.source.get(candidate.source);
    return make(
      "p",
      "verdict",
      make("strong", "", percent(candidate.confidence)),
      ` sure, ${decision.text}, from `,
      make("span", "mark", source.mark),
      ` ${source.text}`,
    );
  }

  signals(signals) {
    if (!signals.length) return [];
    const most = Math.max(...signals.map((signal) => Math.abs(signal.weight)), 1);
    const rows = signals.map((signal) => {
      const bar = make("span", signal.weight < 0 ? "bar against" : "bar");
      bar.style.width = `${(Math.abs(signal.weight) / most) * 100}%`;
      const sign = signal.weight > 0 ? "+" : "";
      const name = make("th", "", signal.name.replaceAll("_", " "));
      name.scope = "row";
      return make(
        "tr",
        "",
        name,
        make("td", "weight", `${sign}${signal.weight.toFixed(2)}`, make("span", "scale", bar)),
        make("td", "", ...prose(signal.detail)),
      );
    });
    const head = ["Signal", "Log-odds", "Seen"].map((title) => {
      const cell = make("th", "", title);
      cell.scope = "col";
      return cell;
    });
    const table = make("table", "signals", make("thead", "", make("tr", "", ...head)), make("tbody", "", ...rows));
    return [make("h4", "", "Signals"), table];
  }

  witnesses(candidate) {
    if (!candidate.witnesses?.length) return [];
    const items = candidate.witnesses.map((witness) => this.witness(candidate.path, witness));
    return [make("h4", "", "What git shows"), make("ul", "witnesses", ...items)];
  }

  witness(path, { commit, hunks }) {
    const { commits } = this.data;
    const [subject, time] = Object.hasOwn(commits, commit) ? commits[commit] : ["", ""];
    const item = make("li", "");
    if (commit) {
      item.append(make("p", "", make("code", "", commit.slice(0, 10)), " ", make("time", "quiet", time)));
      if (subject) item.append(make("p", "", subject));
    } else {
      item.append(make("p", "", "Not committed"));
    }
    item.append(...this.places(path, commit, hunks));
    const command = commit ? `git show ${quoted(commit)} -- ${quoted(path)}` : `git diff HEAD -- ${quoted(path)}`;
    item.append(copyable("the command", command));
    return item;
  }

  /** The hunks with their lines, as far as the page has them, and the others by their places. */
  places(path, commit, hunks) {
    const known = this.lines.get(lineKey(commit, path)) ?? [];
    const shown = [];
    const bare = [];
    for (const at of hunks) {
      const hunk = known.find((one) => one.at[0] === at[0] && one.at[1] === at[1]);
      if (hunk) shown.push(patch(hunk));
      else bare.push(place(at));
    }
    if (bare.length > MOST_PLACES) bare.splice(MOST_PLACES, Infinity, `${bare.length - MOST_PLACES} more places`);
    if (bare.length) shown.push(make("p", "quiet", `${shown.length ? "and " : ""}${bare.join(", ")}`));
    if (bare.length && !shown.some((part) => part.tagName === "PRE") && this.data.lines_left_out) {
      shown.push(make("p", "quiet", "The page has no room for these lines. The command shows them:"));
    }
    return shown;
  }
}

/** Places without their lines that are listed. */
const MOST_PLACES = 12;

function lineKey(commit, path) {
  return `${commit ?? ""} ${path}`;
}

function place([start, number]) {
  if (number === 0) return `removal after line ${start}`;
  return number === 1 ? `line ${start}` : `lines ${start}–${start + number - 1}`;
}

/** A hunk as git shows it. */
function patch({ at, old, header, removed, added }) {
  const range = ([start, number]) => (number === 1 ? `${start}` : `${start},${number}`);
  const title = `@@ -${range(old)} +${range(at)} @@ ${header}`.trimEnd();
  const side = (name, sign, lines, number) => [
    ...lines.map((line) => make("span", name, `${sign}${line}\n`)),
    ...(number > lines.length ? [make("span", "place", `${sign}… ${count(number - lines.length, "more line")}\n`)] : []),
  ];
  return make(
    "pre",
    "diff",
    make("span", "place", `${title}\n`),
    ...side("removed", "-", removed, old[1]),
    ...side("added", "+", added, at[1]),
  );
}
