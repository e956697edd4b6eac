// The pages that links in letters lead to. What a link proves is behind its `#`, so that no server, log or
// referrer sees it; it is used only when somebody presses a button, so that no scanner of mail uses it up.

const texts = JSON.parse(document.getElementById("texts").textContent);
const page = document.body.dataset.page;
const link = location.hash.slice(1);
let tokens = null;
let asked = null;
let invited = null;

const $ = (id) => document.getElementById(id);

function keepLinkInLanguages() {
  for (const each of document.querySelectorAll("nav a")) each.hash = link;
  if (link) history.replaceState(null, "", location.pathname + location.search);
}

function show(step) {
  for (const section of document.querySelectorAll("[data-step]")) {
    section.hidden = section.dataset.step !== step;
  }
  const section = document.querySelector(`[data-step="${step}"]`);
  (section.querySelector("h2[tabindex]") || document.querySelector("h1")).focus();
}

function say(kind, words) {
  for (const name of ["problem", "news"]) {
    $(name).hidden = name !== kind;
    $(name).textContent = name === kind ? words : "";
  }
}

function key() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

class Refused extends Error {
  constructor(status, problem, wait) {
    super(problem.detail || String(status));
    Object.assign(this, { status, problem, wait });
  }
}

async function call(method, path, body) {
  const headers = { "Accept-Language": document.documentElement.lang };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method === "POST") headers["Idempotency-Key"] = key();
  if (tokens) headers.Authorization = `Bearer ${tokens.access_token}`;
  const answer = await fetch(path, {
    method, headers, body: body === undefined ? undefined : JSON.stringify(body),
    credentials: "omit", cache: "no-store",
  });
  const told = answer.status === 204 ? {} : await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, told, answer.headers.get("Retry-After"));
  return told;
}

function explained(error) {
  if (!(error instanceof Refused)) return texts.errors.offline;
  const { problem, status, wait } = error;
  const fields = (problem.errors || []).map((each) => each.field || "");
  if (fields.some((field) => field.includes("password"))) return texts.errors.weak_password;
  if (fields.length) return texts.errors.fields;
  const words = texts.errors[problem.code] || (status === 429 ? texts.errors.too_many : "");
  const pause = wait ? ` ${texts.errors.wait.replace("{seconds}", wait)}` : "";
  return (words || `${texts.errors.other} ${problem.detail || status}`) + pause;
}

function named(address) {
  return address.includes("@") ? { email: address.trim() } : { phone: address.trim() };
}

function when(moment) {
  const format = { dateStyle: "medium", timeStyle: "short" };
  return new Intl.DateTimeFormat(document.documentElement.lang, format).format(new Date(moment));
}

async function arrive(signedIn) {
  tokens = signedIn;
  if (page === "confirm") {
    await call("POST", "/v1/auth/account/identifiers/confirm", { link });
    show("done");
    return;
  }
  await showAccount();
}

async function showAccount() {
  const account = await call("GET", "/v1/auth/account");
  const address = account.email || account.phone;
  $("who").textContent = address ? address.value : "";
  $("close-password").closest(".field").hidden = !account.has_password;
  await listSessions();
  show("account");
}

async function listSessions() {
  const { items } = await call("GET", "/v1/auth/sessions");
  $("sessions").replaceChildren(...items.map((session) => {
    const row = document.createElement("li");
    const where = [session.app, session.platform].filter(Boolean).join(", ") || texts.account.device;
    row.append(`${where}: ${when(session.refreshed_at)}`);
    if (session.current) row.append(` (${texts.account.this_one})`);
    else row.append(button(texts.account.end, `${texts.account.end}: ${where}`, async () => {
      await call("DELETE", `/v1/auth/sessions/${session.session_id}`);
      await listSessions();
    }));
    return row;
  }));
}

function button(words, label, does) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "quiet";
  made.textContent = words;
  made.setAttribute("aria-label", label);
  made.addEventListener("click", () => attempt([made], does));
  return made;
}

async function listAccesses() {
  const rows = [];
  let cursor = "";
  do {
    const query = cursor ? `?limit=200&cursor=${encodeURIComponent(cursor)}` : "?limit=200";
    const answer = await call("GET", `/v1/access-review/accesses${query}`);
    rows.push(...answer.items);
    cursor = answer.next_cursor;
  } while (cursor);
  $("accesses").replaceChildren(...rows.map(accessRow));
}

function accessRow(access) {
  const row = document.createElement("tr");
  row.className = access.unused ? "unused" : "";
  const factor = access.second_factor === null ? "–" : texts.review[access.second_factor ? "yes" : "no"];
  const used = access.last_used_at ? when(access.last_used_at) : texts.review.never;
  const unused = access.unused ? ` (${texts.review.unused})` : "";
  for (const words of [access.name, access.role, access.scopes.join(", ") || texts.review.all, factor, used + unused]) {
    const cell = document.createElement("td");
    cell.textContent = words;
    row.append(cell);
  }
  const last = document.createElement("td");
  if (access.id !== tokens.staff_id) last.append(button(texts.review.remove, `${texts.review.remove}: ${access.name}`, async () => {
    if (access.kind === "staff") await call("PATCH", `/v1/staff/${access.id}`, { disabled: true });
    else await call("DELETE", `/v1/api-keys/${access.id}`);
    row.remove();
    say("news", texts.review.removed.replace("{name}", access.name));
  }));
  row.append(last);
  return row;
}

const does = {
  async link() {
    const path = page === "register" ? "/v1/auth/register/confirm" : "/v1/auth/login/code";
    await arrive(await call("POST", path, { link, app: "web", platform: "web" }));
  },
  async address({ address }) {
    asked = await call("POST", "/v1/auth/codes", { purpose: "sign_in", ...named(address) });
    show("code");
  },
  async code({ code }) {
    const body = { code_id: asked.code_id, code: code.replace(/\s/g, ""), app: "web", platform: "web" };
    await arrive(await call("POST", "/v1/auth/login/code", body));
  },
  async password({ address, password }) {
    const body = { ...named(address), password, app: "web", platform: "web" };
    await arrive(await call("POST", "/v1/auth/login", body));
  },
  async leave() {
    await call("POST", "/v1/auth/logout", { refresh_token: tokens.refresh_token });
    tokens = null;
    show("address");
    say("news", texts.account.signed_out);
  },
  async close({ password }) {
    await call("POST", "/v1/auth/account/closure", password ? { password } : {});
    tokens = null;
    show("address");
    say("news", texts.account.closed);
  },
  async reset({ password }) {
    const path = page === "staff-password" ? "/v1/auth/staff/password/reset" : "/v1/auth/password/reset";
    await call("POST", path, { link, new_password: password });
    show("done");
  },
  async accept({ password }) {
    if (!invited) {
      const staff = await call("POST", "/v1/auth/staff/invitations/accept", { token: link, password });
      invited = { email: staff.email, password };
    }
    tokens = await call("POST", "/v1/auth/staff/login", invited);
    const made = await call("POST", "/v1/staff/me/second-factor", { password: invited.password });
    $("qr").src = `data:image/svg+xml;base64,${btoa(made.qr_svg)}`;
    $("secret").textContent = made.secret;
    show("factor");
  },
  async factor({ totp }) {
    const { recovery_codes } = await call("POST", "/v1/staff/me/second-factor/confirm", { totp: totp.replace(/\s/g, "") });
    $("recovery").replaceChildren(...recovery_codes.map((code) => {
      const item = document.createElement("li");
      item.textContent = code;
      return item;
    }));
    show("recovery");
  },
  async staff({ email, password, totp }) {
    const given = totp.replace(/\s/g, "");
    const factor = !given ? {} : /^\d{6}$/.test(given) ? { totp: given } : { recovery_code: given };
    tokens = await call("POST", "/v1/auth/staff/login", { email, password, ...factor });
    await listAccesses();
    show("review");
  },
  async "confirm-review"({ note }) {
    await call("POST", "/v1/access-review/confirmations", { note: note || null });
    show("done");
  },
};

async function attempt(buttons, work) {
  say("none");
  for (const each of buttons) each.disabled = true;
  try {
    await work();
  } catch (error) {
    say("problem", explained(error));
  } finally {
    for (const each of buttons) each.disabled = false;
  }
}

for (const form of document.forms) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(form));
    attempt(form.querySelectorAll("button"), () => does[form.id](given));
  });
}

for (const box of document.querySelectorAll("[data-shows]")) {
  box.addEventListener("change", () => {
    $(box.dataset.shows).type = box.checked ? "text" : "password";
  });
}

const first = {
  "sign-in": link ? "link" : "address",
  register: link ? "link" : "address",
  confirm: link ? "address" : "none",
  "access-review": "staff",
}[page] || (link ? "new" : "none");

keepLinkInLanguages();
show(document.querySelector(`[data-step="${first}"]`) ? first : "address");
document.documentElement.dataset.ready = "yes";
