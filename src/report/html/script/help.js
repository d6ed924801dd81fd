// What the other parts share. Text of the plan reaches the page through `textContent` alone.

const WORDS = JSON.parse(document.getElementById("words").textContent);
for (const [kind, list] of Object.entries(WORDS)) {
  WORDS[kind] = new Map(list.map((word) => [word.name, word]));
}

/** An element with a class and children, which are nodes or texts. */
function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/** A sentence of ours: what stands between backticks is code. */
function prose(text) {
  const parts = text.split("`");
  if (parts.length % 2 === 0) return [text];
  return parts.map((part, at) => (at % 2 ? make("code", "", part) : part));
}

/** Rounded down, so that only certainty reads as 100 %. */
function percent(value) {
  return `${Math.floor(value * 1000 + 1e-6) / 10} %`;
}

function count(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** A word as a shell takes it. */
function quoted(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
}

/** JSON in which nothing is hidden and nothing reorders what is read. */
function visibleJson(value) {
  const hidden =
    /[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/g;
  const escape = (text) =>
    Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, "0")}`).join("");
  return JSON.stringify(value).replace(hidden, escape);
}

/** Says something to those who do not see the page change. */
function say(text) {
  document.getElementById("said").textContent = text;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    say("Copied.");
    return true;
  } catch {
    say("Copying is not allowed here: select the text instead.");
    return false;
  }
}

function copyButton(what, text) {
  const button = make("button", "copy-button", "Copy");
  button.type = "button";
  button.setAttribute("aria-label", `Copy ${what}`);
  button.addEventListener("click", async () => {
    button.textContent = (await copy(text())) ? "Copied" : "Select it";
    setTimeout(() => (button.textContent = "Copy"), 1500);
  });
  return button;
}

/** A line to copy, with its button. */
function copyable(what, text) {
  const code = make("code", "", text);
  return make("div", "copyable", make("pre", "copy", code), copyButton(what, () => code.textContent));
}

/** Gives a rendered line its button. */
function addCopyButton(pre, what) {
  const frame = make("div", "copyable");
  pre.replaceWith(frame);
  frame.append(pre, copyButton(what, () => pre.textContent));
}
