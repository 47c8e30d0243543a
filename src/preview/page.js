"use strict";
// Shows one note at a time, its targets side by side or as tabs; gives the frames their pictures and
// colours. Without it, everything stands below each other, without pictures.

const pictures = JSON.parse(document.getElementById("pictures").textContent);
const notes = [...document.querySelectorAll(".note")];
const control = (id) => document.getElementById(id);
const narrow = window.matchMedia("(max-width: 60rem)");

// What was chosen last time, where the browser keeps such things for a file.
const memory = {
  get(key) { try { return sessionStorage.getItem("crosspost-" + key); } catch { return null; } },
  set(key, value) { try { sessionStorage.setItem("crosspost-" + key, value); } catch { /* not kept */ } },
};

// --- the frames

const DARK = "(prefers-color-scheme: dark)";

function draw(frame) {
  const [colours, remarks] = [control("colours").value, control("remarks").checked];
  const state = colours + remarks;
  if (frame.dataset.state === state) return;
  frame.dataset.state = state;
  const whole = frame.dataset.document;
  const end = whole.indexOf("</head>");
  let [head, body] = [whole.slice(0, end), whole.slice(end)];
  if (colours !== "system") {
    head = head.replaceAll(DARK, colours === "dark" ? "all" : "not all")
      .replaceAll("color-scheme: light dark", "color-scheme: " + colours);
  }
  if (!remarks) body = body.replace("<body>", '<body class="crosspost-quiet">');
  frame.srcdoc = head + body.replace(/crosspost-picture:([0-9a-f]+)/g, (name, id) => pictures[id] ?? name);
}

function drawVisible() {
  for (const frame of document.querySelectorAll("iframe")) if (frame.offsetParent) draw(frame);
  for (const picture of document.querySelectorAll("img[data-picture]")) {
    if (!picture.src && pictures[picture.dataset.picture]) picture.src = pictures[picture.dataset.picture];
  }
}

// --- tabs

function select(note, index, focus) {
  const tabs = [...note.querySelectorAll(".tabs button")];
  const asTabs = document.body.classList.contains("as-tabs");
  tabs.forEach((tab, at) => {
    const panel = document.getElementById(tab.dataset.panel);
    panel.hidden = asTabs && at !== index;
    tab.setAttribute("aria-selected", String(at === index));
    tab.tabIndex = at === index ? 0 : -1;
  });
  if (focus) tabs[index].focus();
  drawVisible();
}

function arrange() {
  const chosen = memory.get("view") ?? (narrow.matches ? "tabs" : "side");
  control("view").value = chosen;
  const asTabs = chosen === "tabs";
  document.body.classList.toggle("as-tabs", asTabs);
  const target = memory.get("target");
  for (const note of notes) {
    const list = note.querySelector(".tabs");
    const tabs = [...list.children];
    list.hidden = !asTabs || tabs.length < 2;
    if (asTabs) list.setAttribute("role", "tablist");
    for (const tab of tabs) {
      const panel = document.getElementById(tab.dataset.panel);
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", panel.id);
      if (asTabs && tabs.length > 1) {
        panel.setAttribute("role", "tabpanel");
        panel.setAttribute("aria-labelledby", tab.id);
      } else {
        panel.removeAttribute("role");
        panel.setAttribute("aria-labelledby", panel.id + "-name");
      }
    }
    select(note, Math.max(0, tabs.findIndex((tab) => tab.textContent === target)), false);
  }
}

for (const note of notes) {
  const tabs = [...note.querySelectorAll(".tabs button")];
  tabs.forEach((tab, at) => {
    const go = (to, focus) => {
      const next = (to + tabs.length) % tabs.length;
      memory.set("target", tabs[next].textContent);
      select(note, next, focus);
    };
    tab.addEventListener("click", () => go(at, false));
    tab.addEventListener("keydown", (event) => {
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      go(to, true);
    });
  });
}

// --- the notes

function show(focus) {
  const wanted = notes.find((note) => "#" + note.id === location.hash);
  const shown = wanted ?? notes[0];
  for (const note of notes) note.hidden = note !== shown;
  for (const link of document.querySelectorAll(".list a")) {
    if (shown && link.hash === "#" + shown.id) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (focus && wanted) {
    wanted.querySelector("h2").focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }
  drawVisible();
}

// --- the controls

for (const id of ["view", "screen", "colours"]) {
  const kept = memory.get(id);
  if (kept) control(id).value = kept;
  control(id).addEventListener("change", () => {
    memory.set(id, control(id).value);
    dress();
  });
}
control("remarks").addEventListener("change", drawVisible);
narrow.addEventListener("change", arrange);

function dress() {
  document.body.classList.toggle("phone", control("screen").value === "phone");
  const colours = control("colours").value;
  document.documentElement.className = colours === "system" ? "" : colours;
  arrange();
}

window.addEventListener("hashchange", () => show(true));
document.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
dress();
show(false);

// --- a server that tells of changes

const live = document.body.dataset.live;
if (live) {
  setInterval(async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch("state", { cache: "no-store" });
      if (answer.ok && (await answer.text()) !== live) location.reload();
    } catch { /* it was ended */ }
  }, 700);
}
