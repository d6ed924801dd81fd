// The HTML report in headless Chromium: it opens without complaints, and everything on it works by mouse and by keys.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Chromium } from "./chromium.mjs";
import { clear, plan, report, run, situation, situations, task } from "./stage.mjs";

/** A page must be there in less than this, in milliseconds. */
const SOON = 1_000;
/** A frame of scrolling may keep the page's thread busy for this long, in milliseconds. */
const FLUID = 50;

let browser;
before(async () => (browser = await Chromium.start(process.env.CHROMIUM ?? "chromium")));
after(async () => {
  await browser?.stop();
  clear();
});

const page = (expression) => browser.evaluate(expression);
/** Filters wait for the last key. */
const settled = () => page("new Promise((done) => setTimeout(done, 250))");

async function open(url, width = 1280, scheme = "light") {
  await browser.look(width, 900, scheme);
  await browser.open("about:blank");
  await browser.open(url);
  assert.deepEqual(browser.complaints, [], url);
  assert.deepEqual(browser.requests, [url], "nothing else is loaded");
}

/** What the matrix shows, told by the table for screen readers and not by what is in view. */
const shown = () => page(`(() => {
  const grid = document.querySelector("[role=grid]");
  return { rows: grid.ariaRowCount - 1, columns: grid.ariaColCount - 1, cells: document.querySelectorAll(".cell").length,
           tasks: document.querySelectorAll("[data-task]:not([hidden])").length };
})()`);

const focused = () => page(`(() => {
  const { ariaLabel, id, className, parentElement } = document.activeElement;
  return { row: parentElement.ariaRowIndex - 2, ariaLabel, id, className };
})()`);

async function fill(name, value) {
  await page(`(() => {
    const field = document.querySelector(".filters").elements[${JSON.stringify(name)}];
    field.value = ${JSON.stringify(value)};
    field.dispatchEvent(new Event("input", { bubbles: true }));
  })()`);
  await settled();
}

test("every situation opens on a phone and on a screen", { timeout: 600_000 }, async () => {
  const names = situations();
  let opened = 0;
  for (const name of names) {
    const directory = situation(name);
    for (const command of ["check", "recover"]) {
      const url = report(directory, command);
      if (!url) continue;
      opened += 1;
      for (const [width, scheme] of [[390, "dark"], [1280, "light"]]) {
        await open(url, width, scheme);
        const { wide, tasks, data } = await page(`(() => ({
          wide: document.documentElement.scrollWidth,
          tasks: document.querySelectorAll("[data-task]").length,
          data: JSON.parse(document.getElementById("p0-data").textContent).tasks.length,
        }))()`);
        assert.ok(wide <= width, `${name} is ${wide} wide on a screen of ${width}`);
        assert.equal(tasks, data, name);
      }
    }
  }
  assert.ok(opened > names.length, `${opened} pages of ${names.length} situations`);
});

test("filters narrow the matrix and the list of tasks", async () => {
  await open(report(situation("t9-stale-finalize"), "attribute"));
  const all = await shown();
  assert.deepEqual([all.columns, all.tasks], [15, 15]);
  await fill("task", "t9");
  assert.deepEqual(await shown(), { rows: 2, columns: 1, cells: 2, tasks: 1 });
  assert.match(await page("document.getElementById('said').textContent"), /^1 of 15 tasks, 2 files, 2 cells$/);
  await fill("task", "");
  await fill("path", "conftest");
  assert.deepEqual(await shown(), { rows: 1, columns: 1, cells: 1, tasks: 1 });
  await fill("path", "");
  await fill("state", "outcome:backfill");
  assert.deepEqual(await shown(), { rows: 2, columns: 1, cells: 2, tasks: 1 });
  await fill("state", "status:done");
  assert.deepEqual(await shown(), all);
  await page("document.querySelector('.filters [type=reset]').click()");
  await settled();
  assert.deepEqual(await shown(), all);
  await fill("least", "100");
  assert.equal((await shown()).cells, 0);
  await fill("least", "99");
  assert.equal((await shown()).cells, all.cells);
  await fill("path", "no such file");
  assert.deepEqual(await shown(), { rows: 0, columns: 0, cells: 0, tasks: 0 });
  assert.deepEqual(browser.complaints, []);
});

test("a cell leads to its signals and witnesses and back", async () => {
  await open(report(situation("worker-style-batch"), "attribute"));
  await page("document.querySelector('.cell.backfill').click()");
  const detail = await page("document.querySelector('.detail').innerText");
  for (const text of ["Signals", "Log-odds", "What git shows", "git show ", "taskproof explain "]) {
    assert.ok(detail.includes(text), `${text} is not in ${detail}`);
  }
  assert.equal((await focused()).id, "p0-detail-heading");
  await browser.press("Escape");
  assert.equal(await page("document.querySelector('.detail').hidden"), true);
  assert.match((await focused()).className, /cell backfill/);
});

test("a cell leads to the lines that changed", async () => {
  await open(report(situation("two-hollow-in-one-batch"), "attribute"));
  const lines = async () => {
    await page("document.querySelector('.grid .cell[aria-label^=\"T2\"]').click()");
    return page("[...document.querySelectorAll('.detail pre.diff span')].map((line) => [line.className, line.textContent])");
  };
  const shown = await lines();
  assert.match(shown[0].join(), /^place,@@ -0,0 \+1(,\d+)? @@\n$/);
  assert.ok(shown.some(([name, text]) => name === "added" && /^\+\S.*\n$/.test(text)), JSON.stringify(shown));
  assert.deepEqual(browser.complaints, []);
});

test("a candidate of the list leads to the same panel", async () => {
  await open(report(situation("t9-stale-finalize"), "attribute"));
  await page("document.querySelector('[data-task=\"8\"] [data-kind=commands] .why').click()");
  assert.match(await page("document.querySelector('.detail').innerText"), /T9[^]*Signals/);
  await browser.press("Escape");
  assert.equal((await focused()).className, "why");
  // A link to a folded task unfolds it, and its rows have their buttons, too.
  await page("document.querySelector('.chip[href=\"#p0-t0\"]').click()");
  await settled();
  assert.equal(await page("document.getElementById('p0-t0').open"), true);
  assert.ok(await page("document.querySelectorAll('#p0-t0 .why').length"));
});

test("the matrix is walked with the keys", async () => {
  await open(report(situation("t9-stale-finalize"), "attribute"));
  assert.equal(await page("document.querySelectorAll('[role=grid] [tabindex=\"0\"]').length"), 1);
  await page("document.querySelector('[role=grid] [tabindex=\"0\"]').focus()");
  const start = await focused();
  assert.match(start.ariaLabel, /^T\d+: [\d.]+ %, .+, from .+$/);
  await browser.press("ArrowDown");
  assert.equal((await focused()).row, 1);
  await browser.press("ArrowUp");
  assert.deepEqual(await focused(), start);
  await browser.press("End", 2);
  const last = await focused();
  assert.equal(last.row, (await shown()).rows - 1);
  await browser.press("Home", 2);
  assert.equal((await focused()).row, 0);
  await browser.press("Enter");
  assert.equal((await focused()).id, "p0-detail-heading");
  await browser.press("Escape");
  assert.equal((await focused()).row, 0);
  assert.equal(await page("document.querySelectorAll('[role=grid] [tabindex=\"0\"]').length"), 1);
});

test("screen readers find a grid with names", async () => {
  await open(report(situation("t9-stale-finalize"), "attribute"));
  await browser.send("Accessibility.enable");
  const { nodes } = await browser.send("Accessibility.getFullAXTree");
  await browser.send("Accessibility.disable");
  const of = (role) => nodes.filter((node) => node.role?.value === role && !node.ignored);
  assert.match(of("grid")[0].name.value, /how sure/i);
  assert.equal(of("columnheader").filter((node) => /^T\d+$/.test(node.name.value)).length, 15);
  assert.ok(of("gridcell").some((node) => /^T9: 99\.8 %, certain enough/.test(node.name.value)));
  assert.ok(of("rowheader").some((node) => node.name.value === "tests/timeline/conftest.py"));
  assert.ok(of("search").length === 1 && of("status").length === 1 && of("navigation").length === 1);
  const unnamed = ["button", "textbox", "searchbox", "combobox", "slider", "checkbox", "link"].flatMap(of);
  assert.deepEqual(unnamed.filter((node) => !node.name?.value).map((node) => node.role.value), []);
});

test("the form makes lines that the program takes", async () => {
  const directory = situation("two-hollow-in-one-batch");
  await open(report(directory, "attribute"));
  assert.equal(await page("document.querySelector('pre.answers').textContent"), "");
  await page(`(() => {
    const [first, second] = document.querySelectorAll(".question");
    const keep = (box, wanted) => {
      for (const check of box.querySelectorAll(".choices [type=checkbox]")) {
        if (check.checked !== wanted.some((text) => check.parentElement.innerText.includes(text))) check.click();
      }
    };
    keep(first, ["footnotes", "test_notes"]);
    keep(second, ["collation"]);
    const other = second.querySelector("[data-field=commands_run] textarea");
    other.value = " make index \\n";
    other.dispatchEvent(new Event("input", { bubbles: true }));
  })()`);
  const lines = await page("document.querySelector('pre.answers').textContent");
  const answers = lines.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(answers, [
    { task_id: "T2", files_changed: ["press/footnotes.py"], commands_run: ["pytest tests/test_notes.py -q"] },
    { task_id: "T3", files_changed: ["press/collation.py"], commands_run: ["make index"] },
  ]);
  assert.match(await page("document.querySelector('.how-many').textContent"), /2 of 2/);
  run(directory, ["backfill", "--answers", "-", "--write"], { codes: [0], input: lines });
  // Nothing is an answer, too.
  await page("document.querySelector('.question .nothing input').click()");
  await page(`(() => {
    const reason = document.querySelector(".question [type=text]");
    reason.value = "only \\u202easked";
    reason.dispatchEvent(new Event("input", { bubbles: true }));
  })()`);
  const line = await page("document.querySelector('pre.answer').textContent");
  assert.equal(line, '{"task_id":"T2","empty":true,"reason":"only \\u202easked"}');
  assert.deepEqual(browser.complaints, []);
});

test("without a script the page says it all", async () => {
  const url = report(situation("two-hollow-in-one-batch"), "check");
  await browser.scripts(false);
  try {
    await open(url, 390);
    const text = await page("document.querySelector('main').textContent");
    for (const part of ["needs an answer about T2 and T3", "press/footnotes.py", '{"task_id":"T2"', "Batch 2",
      "needs a script", "Done tasks missing both", "TP302"]) {
      assert.ok(text.replaceAll('": "', '":"').includes(part), `${part} is not in ${text}`);
    }
  } finally {
    await browser.scripts(true);
  }
});

test("nothing in a plan runs or hides", async () => {
  const evil = '</script><script>owned = 1</script><img src="http://localhost/x" onerror="owned = 1">"\'\u202e\u001b[2J';
  const directory = plan("hostile", [
    task(evil, [`${evil}.py`], evil),
    { ...task("T2", [], evil), status: evil, kind: evil },
    { ...task(`${evil}3`, [], evil), commands_run: [] },
  ]);
  await open(report(directory, "attribute"));
  await page("document.querySelector('.cell').click()");
  await fill("task", "owned");
  assert.equal((await shown()).tasks, 3);
  assert.equal(await page("typeof owned"), "undefined");
  assert.equal(await page("document.images.length"), 0);
  assert.equal(await page("/[\\u202e\\u001b]/.test(document.body.innerText)"), false);
  assert.deepEqual(browser.complaints, []);
  // The policy is alive: what gets in all the same does not run.
  await page("(() => { const script = document.createElement('script'); script.textContent = 'owned = 1'; document.body.append(script); })()");
  assert.equal(await page("typeof owned"), "undefined");
  await settled();
  assert.match(browser.complaints.join(), /Content Security Policy/);
});

/** Milliseconds from the start of navigation to what a person sees. */
async function times(url) {
  await open(url);
  return page(`new Promise((done) => {
    const [navigation] = performance.getEntriesByType("navigation");
    const tell = (list) => {
      const [paint] = list.getEntriesByName("first-contentful-paint");
      if (paint) done({ load: Math.round(navigation.loadEventEnd), paint: Math.round(paint.startTime) });
    };
    new PerformanceObserver(tell).observe({ type: "paint", buffered: true });
  })`);
}

/** Opens a page several times. The best of them tells what the page costs, the others what else is at work. */
async function opened(url, what, context) {
  const runs = [];
  for (let at = 0; at < 5; at += 1) runs.push(await times(url));
  const all = (name) => runs.map((run) => run[name]);
  context.diagnostic(`${what}: painted after ${all("paint").join(", ")} ms, loaded in ${all("load").join(", ")} ms`);
  return Math.min(...runs.map((run) => Math.max(run.load, run.paint)));
}

test("ten thousand cells stay fluid", async (context) => {
  const files = (first) => Array.from({ length: 100 }, (_, at) => `src/part_${(first + at) % 10}/file_${first + at}.rs`);
  const tasks = Array.from({ length: 100 }, (_, at) => task(`T${at + 1}`, files(at)));
  const url = report(plan("large", tasks), "attribute");
  // How soon they are there is told and not judged: here it says more about who else is at work.
  await opened(url, "10000 cells", context);
  const there = await shown();
  assert.deepEqual([there.rows, there.columns], [199, 100]);
  assert.ok(there.cells < 6_000, `${there.cells} cells are in the page`);
  // From the top to the bottom, frame by frame. What the page itself does is what counts.
  await browser.send("Performance.enable", { timeDomain: "threadTicks" });
  const busy = async () => {
    const { metrics } = await browser.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration").value * 1_000;
  };
  const before = await busy();
  const frames = await page(`new Promise((done) => {
    const grid = document.querySelector(".grid");
    const frames = [];
    let last = performance.now();
    const step = (now) => {
      frames.push(now - last);
      last = now;
      const before = grid.scrollTop;
      grid.scrollTop += 120;
      grid.scrollTop === before ? done(frames.sort((a, b) => a - b)) : requestAnimationFrame(step);
    };
    requestAnimationFrame((now) => { last = now; requestAnimationFrame(step); });
  })`);
  const work = Math.round((await busy() - before) / frames.length);
  const [half, worst] = [frames[frames.length >> 1], frames.at(-1)].map(Math.round);
  context.diagnostic(`10000 cells: ${frames.length} frames of scrolling, ${work} ms of work each; half of them took ${half} ms, the longest ${worst} ms`);
  assert.ok(work <= FLUID, `${work} ms`);
  const last = "document.querySelector('tr[aria-rowindex=\"200\"] th')?.textContent";
  assert.match(await page(last), /file_/);
  await page("document.querySelector('[role=grid]').focus()");
  await browser.press("End", 2);
  assert.equal((await focused()).row, 198);
});

for (const path of process.env.TASKPROOF_PAGES?.split(":") ?? []) {
  test(`${path} is there soon`, async (context) => {
    assert.ok((await opened(new URL(path, "file:///").href, path, context)) < SOON);
  });
}
