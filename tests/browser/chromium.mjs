// Headless Chromium, driven by its DevTools protocol over a pipe: no package, no port.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How long anything may take before it counts as hanging. */
const PATIENCE = 60_000;

export class Chromium {
  static async start(program) {
    const chromium = new Chromium();
    chromium.profile = mkdtempSync(join(tmpdir(), "taskproof-browser-"));
    const options = [
      "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
      "--no-first-run", "--hide-scrollbars", "--force-color-profile=srgb", "--disable-background-networking",
      `--user-data-dir=${chromium.profile}`, "about:blank",
    ];
    chromium.process = spawn(program, options, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    chromium.listen();
    const { targetInfos } = await chromium.send("Target.getTargets");
    const { targetId } = targetInfos.find((target) => target.type === "page");
    const { sessionId } = await chromium.send("Target.attachToTarget", { targetId, flatten: true });
    chromium.session = sessionId;
    for (const domain of ["Page", "Runtime", "Log", "Network"]) await chromium.send(`${domain}.enable`);
    return chromium;
  }

  listen() {
    this.number = 0;
    this.waiting = new Map();
    this.listeners = [];
    this.complaints = [];
    this.requests = [];
    let rest = "";
    this.process.stdio[4].setEncoding("utf8").on("data", (chunk) => {
      const messages = (rest + chunk).split("\0");
      rest = messages.pop();
      messages.forEach((message) => this.receive(JSON.parse(message)));
    });
    this.process.on("exit", (code) => {
      for (const { reject } of this.waiting.values()) reject(new Error(`chromium ended with ${code}`));
    });
  }

  receive({ id, result, error, method, params }) {
    if (id) {
      const { resolve, reject } = this.waiting.get(id) ?? {};
      this.waiting.delete(id);
      return error ? reject?.(new Error(error.message)) : resolve?.(result);
    }
    if (method === "Runtime.exceptionThrown") this.complaints.push(params.exceptionDetails.exception?.description);
    if (method === "Runtime.consoleAPICalled") this.complaints.push(JSON.stringify(params.args));
    if (method === "Log.entryAdded") this.complaints.push(params.entry.text);
    if (method === "Network.requestWillBeSent") this.requests.push(params.request.url);
    this.listeners = this.listeners.filter((listener) => !(listener.method === method && (listener.resolve(params), true)));
  }

  send(method, params = {}) {
    const id = ++this.number;
    const message = { id, method, params, ...(this.session && { sessionId: this.session }) };
    this.process.stdio[3].write(`${JSON.stringify(message)}\0`);
    return this.timed(method, new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject })));
  }

  event(method) {
    return this.timed(method, new Promise((resolve) => this.listeners.push({ method, resolve })));
  }

  timed(what, promise) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${what} took too long`)), PATIENCE);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
  }

  async open(url) {
    this.complaints.length = 0;
    this.requests.length = 0;
    const loaded = this.event("Page.loadEventFired");
    await this.send("Page.navigate", { url });
    await loaded;
    const drawn = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))";
    if (!this.isSilent) await this.evaluate(drawn);
  }

  /** The value of an expression in the page; promises are awaited. */
  async evaluate(expression) {
    const options = { expression, awaitPromise: true, returnByValue: true, userGesture: true };
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", options);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  async press(key, modifiers = 0) {
    const text = { Enter: "\r", " ": " " }[key] ?? (key.length === 1 ? key : undefined);
    const codes = { Enter: 13, Escape: 27, Tab: 9, " ": 32, End: 35, Home: 36, ArrowLeft: 37, ArrowUp: 38, ArrowRight: 39, ArrowDown: 40 };
    const event = { key, code: key === " " ? "Space" : key, windowsVirtualKeyCode: codes[key], modifiers, text };
    await this.send("Input.dispatchKeyEvent", { type: "keyDown", ...event });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...event, text: undefined });
  }

  async type(text) {
    await this.send("Input.insertText", { text });
  }

  /** `scheme` is `light` or `dark`. */
  async look(width, height, scheme, scale = 1) {
    await this.send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: scale, mobile: width < 600 });
    await this.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
  }

  async scripts(isOn) {
    this.isSilent = !isOn;
    await this.send("Emulation.setScriptExecutionDisabled", { value: !isOn });
  }

  async picture(isWhole = false) {
    const { data } = await this.send("Page.captureScreenshot", { format: "png", captureBeyondViewport: isWhole });
    return Buffer.from(data, "base64");
  }

  async stop() {
    const ended = new Promise((resolve) => this.process.on("exit", resolve));
    this.session = undefined;
    await this.send("Browser.close").catch(() => this.process.kill());
    await ended;
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
