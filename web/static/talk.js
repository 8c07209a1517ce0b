// The talk with a script: nothing typed is lost, nothing is said twice, and the page says what is happening.
// Without it every form works by itself. A message keeps its key until it is answered, so it may be sent again and again.
(() => {
  "use strict";
  if (!window.htmx) return;  // it did not come through: the forms work by themselves
  const DRAFT = "ladder-draft", PENDING = "ladder-pending";
  const POLL = 20000, FIRST_WAIT = 1000, LONGEST_WAIT = 15000, MOST_FAILURES = 3;
  const $ = (id) => document.getElementById(id);
  const log = $("log"), status = $("status");
  let pending = null, wait = FIRST_WAIT, failures = 0, timer = 0, typing = false, focused = "";

  const keep = (name, value) => {
    try {
      if (value === null) sessionStorage.removeItem(name);
      else sessionStorage.setItem(name, JSON.stringify(value));
    } catch { /* a browser that stores nothing still talks */ }
  };
  const kept = (name) => {
    try { return JSON.parse(sessionStorage.getItem(name)); } catch { return null; }
  };
  const say = (words) => { if (status.textContent !== words) status.textContent = words; };
  const input = () => document.querySelector("#say input[name=text]");
  const bound = () => document.querySelector("#say input[name=revision]")?.value ?? "";

  const showNewest = () => {
    const newest = $("latest"), area = $("area");
    if (!newest) return;
    const room = innerHeight - (area ? Math.min(area.offsetHeight, innerHeight / 2) : 0);
    if (newest.offsetHeight > room * 0.8) newest.scrollIntoView({ block: "start" });
    else (area ?? newest).scrollIntoView({ block: "end" });
  };

  const showOwn = (words) => {
    document.querySelector(".sending")?.remove();
    const own = document.createElement("p");
    own.className = "bubble ours sending";
    own.ariaHidden = "true";
    own.textContent = words;
    log.append(own);
    own.scrollIntoView({ block: "nearest" });
  };

  const done = () => {
    pending = null;
    wait = FIRST_WAIT;
    failures = 0;
    clearTimeout(timer);
    keep(PENDING, null);
    document.querySelector(".sending")?.remove();
  };

  const send = () => {
    clearTimeout(timer);
    if (!pending) return;
    htmx.ajax("POST", "/chat", { values: pending.values, source: log, target: "#log", swap: "beforeend" }).catch(() => {});
  };

  const later = (why) => {
    if (!pending) return;
    say(why);
    clearTimeout(timer);
    timer = setTimeout(send, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  };

  document.addEventListener("submit", (event) => {
    const form = event.target, button = event.submitter;
    if (form.method !== "post" || !form.hasAttribute("hx-post")) return;
    typing = form.id === "say" && document.activeElement === input();
    focused = button?.id ?? "";
    if (pending) {  // one at a time: the second tap changes nothing
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    if (form.id === "say" && !input().value.trim()) {
      event.preventDefault();
      event.stopImmediatePropagation();
      input().focus();
      return;
    }
    const values = Object.fromEntries(new FormData(form, button));
    const words = values.text === undefined ? button.textContent : values.text + (values.unit ?? "");
    pending = { values, words };
    keep(PENDING, pending);
    event.preventDefault();
    event.stopImmediatePropagation();
    form.closest("details")?.removeAttribute("open");
    if (!button?.hasAttribute("aria-pressed")) showOwn(words);
    send();
    timer = setTimeout(() => say("正在发送……"), 600);
  }, true);

  // What the server says of what it does not take: its one sentence.
  const reason = (xhr) => {
    const found = new DOMParser().parseFromString(xhr?.responseText ?? "", "text/html");
    return found.querySelector(".error")?.firstChild?.textContent.trim() ?? "";
  };

  const failed = (event) => {
    const path = event.detail.requestConfig?.path ?? event.detail.pathInfo?.requestPath ?? "";
    if (!path.startsWith("/chat") || event.detail.requestConfig?.verb !== "post") return;
    const code = event.detail.xhr?.status ?? 0;
    if (code === 429) {
      wait = Math.max(wait, 1000 * Number(event.detail.xhr.getResponseHeader("Retry-After")) || 0);
      later("发得太快了，过一会儿自动再发，您写的都还在。");
    }
    else if (code === 500 && ++failures >= MOST_FAILURES) {  // it will not get better by itself
      done();
      say("这一步我们没有做成，试了几次都不行。请换个说法，或者刷新页面再试。");
    } else if (code >= 500) later("我们这边暂时存不了，会自动再发，您写的都还在。");
    else if (code >= 400) {
      done();
      say(`${reason(event.detail.xhr) || "这一条没有收下，请刷新页面再试。"}您写的还在。`);
    } else later("网断了，连上就自动再发，您写的都还在。");
  };
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError", "htmx:sendAbort"])
    document.addEventListener(name, failed);

  document.addEventListener("htmx:beforeOnLoad", (event) => {  // a code led to another talk: that page tells the answer
    if (!event.detail.xhr.getResponseHeader("HX-Redirect")) return;
    done();
    keep(DRAFT, null);
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.requestConfig?.verb === "post" && !event.detail.isError) {
      if (!(event.detail.serverResponse ?? "").includes('id="area"')) {  // cut, or a page of the network's own: no reply of ours
        event.detail.shouldSwap = false;
        later("网断了，连上就自动再发，您写的都还在。");
        return;
      }
      done();
      say("");
      keep(DRAFT, null);
    }
    for (const found of (event.detail.serverResponse ?? "").matchAll(/id="(x\d+)"/g)) $(found[1])?.remove();
    if ((event.detail.serverResponse ?? "").includes('id="latest"')) $("latest")?.removeAttribute("id");
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.requestConfig?.verb !== "post") return;
    showNewest();
    const again = focused && $(focused);
    if (typing) input()?.focus({ preventScroll: true });
    else (again || $("area"))?.focus({ preventScroll: true });
    focused = "";
  });

  document.addEventListener("input", (event) => {
    if (event.target === input()) keep(DRAFT, { text: event.target.value, bound: bound() });
  });

  document.addEventListener("click", (event) => {
    const menu = document.querySelector(".menu[open]");
    if (menu && !menu.contains(event.target)) menu.open = false;
    if (event.target.id !== "letters") return;
    event.preventDefault();
    input().inputMode = "text";
    input().focus();
    event.target.remove();
  });
  document.addEventListener("keydown", (event) => {
    const menu = document.querySelector(".menu[open]");
    if (event.key !== "Escape" || !menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  addEventListener("online", () => { if (pending) { wait = FIRST_WAIT; send(); } });
  addEventListener("offline", () => say(pending ? "网断了，连上就自动再发，您写的都还在。" : "网断了。您写的都还在，连上再发。"));
  addEventListener("online", () => { if (!pending) say(""); });

  setInterval(() => {
    if (document.hidden || pending || !navigator.onLine) return;
    const rows = [...log.querySelectorAll("[data-id]")].map((each) => Number(each.dataset.id));
    htmx.ajax("GET", `/chat/new?after=${Math.max(0, ...rows)}`, { source: status, target: "#log", swap: "beforeend" }).catch(() => {});
  }, POLL);

  addEventListener("DOMContentLoaded", () => {
    const draft = kept(DRAFT), left = kept(PENDING), field = input();
    if (draft && field && !field.value && draft.bound === bound()) field.value = draft.text;
    showNewest();
    if (!left?.values?.key) return;
    if (document.querySelector(`[data-key="${CSS.escape(left.values.key)}"]`)) { keep(PENDING, null); return; }
    pending = left;
    showOwn(left.words ?? "");
    say("正在发送……");
    send();
  });
})();
