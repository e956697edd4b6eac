// Opens a page of a running gateway as a browser would, fills its forms as told, and says what is then seen.
// node use.mjs '{"url": ..., "steps": [{"form": "link", "fields": {...}, "until": "account"}]}'

import { JSDOM, VirtualConsole } from "jsdom";

const { url, language = "en", steps } = JSON.parse(process.argv[2]);
const origin = new URL(url).origin;
const said = [];
const console_ = new VirtualConsole();
console_.on("jsdomError", (error) => said.push(String(error.detail || error)));

const html = await (await fetch(url, { headers: { "Accept-Language": language } })).text();
const dom = new JSDOM(html, { url, runScripts: "outside-only", virtualConsole: console_, pretendToBeVisual: true });
const { window } = dom;
const calls = [];
window.fetch = async (path, options) => {
  calls.push(`${options.method} ${path}`);
  return fetch(new URL(path, origin), options);
};
window.Response = Response;
const script = await (await fetch(`${origin}/pages/landing.js`)).text();
window.eval(`(() => {${script}})()`);

const wait = async (found, what) => {
  for (let tries = 0; tries < 2400; tries += 1) {
    if (found()) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`${what} did not come; seen: ${seen().text}`);
};

const shown = (element) => !element.closest("[hidden]");

function seen() {
  const main = window.document.querySelector("main").cloneNode(true);
  for (const hidden of main.querySelectorAll("[hidden], noscript")) hidden.remove();
  const section = [...window.document.querySelectorAll("[data-step]")].find((each) => !each.hidden);
  return {
    step: section ? section.dataset.step : null,
    text: main.textContent.replace(/\s+/g, " ").trim(),
    problem: window.document.getElementById("problem").textContent,
    href: window.location.href,
    qr: (window.document.getElementById("qr") || {}).src || "",
    secret: (window.document.getElementById("secret") || {}).textContent || "",
    focus: window.document.activeElement.tagName,
  };
}

const views = [seen()];
for (const { form, press, fields = {}, until, problem } of steps) {
  if (form) {
    const target = window.document.getElementById(form);
    if (!shown(target)) throw new Error(`the form ${form} is not shown`);
    for (const [name, value] of Object.entries(fields)) {
      const input = target.elements[name];
      if (input.type === "checkbox") input.checked = value;
      else input.value = value;
    }
    target.dispatchEvent(new window.Event("submit", { bubbles: true, cancelable: true }));
  } else {
    window.document.querySelector(`button[aria-label="${press}"]`).click();
  }
  if (until) await wait(() => seen().step === until, until);
  else if (problem) await wait(() => seen().problem, "a problem");
  else await wait(() => ![...window.document.querySelectorAll("button")].some((each) => each.disabled), "rest");
  views.push(seen());
}
process.stdout.write(JSON.stringify({ views, calls, said }));
process.exit(0);
