// The pictures of the README: the HTML report of the demo, in light and in dark. Argument: the directory they go to.

import { existsSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Chromium } from "./chromium.mjs";
import { clear, report, run, scratch } from "./stage.mjs";

/** A README is read over slow lines, too. */
const MOST_BYTES = 200_000;

const [target] = process.argv.slice(2);
// Its name is in the picture.
const directory = join(tmpdir(), "incident");
if (existsSync(directory)) throw new Error(`${directory} is there already`);
run(scratch, ["demo", "--keep", directory]);
const browser = await Chromium.start(process.env.CHROMIUM ?? "chromium");
try {
  for (const scheme of ["light", "dark"]) {
    await browser.look(1180, 800, scheme);
    await browser.open(report(directory, "attribute"));
    await browser.evaluate(`(() => {
      document.querySelector(".cell.backfill").click();
      document.activeElement.blur();
      scrollTo({ top: document.querySelector("#p0-matrix").offsetTop, behavior: "instant" });
    })()`);
    const picture = await browser.picture();
    if (picture.length > MOST_BYTES) throw new Error(`the picture has ${picture.length} bytes`);
    writeFileSync(join(target, `report-${scheme}.png`), picture);
  }
} finally {
  await browser.stop();
  rmSync(directory, { recursive: true, force: true });
  clear();
}
