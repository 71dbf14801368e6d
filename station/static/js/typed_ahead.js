// Between an F-key and its page there is a moment. What is typed or scanned in it belongs to that page's box.
(() => {
  "use strict";
  const AHEAD = "station.ahead";
  let leavingFor = ""; // the path that was asked for, until it is here

  function kept() {
    return JSON.parse(sessionStorage.getItem(AHEAD) || "{}");
  }

  function keep(event) {
    if (event.key === "Escape") stay();
    if (!leavingFor || event.ctrlKey || event.altKey || event.metaKey) return;
    const char = event.key === "Enter" ? "\n" : event.key;
    if (char.length !== 1) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    sessionStorage.setItem(AHEAD, JSON.stringify({ path: leavingFor, text: (kept().text || "") + char }));
  }

  function give() {
    const { path, text } = kept();
    sessionStorage.removeItem(AHEAD);
    const box = document.querySelector("[data-scan]");
    if (!box || path !== location.pathname) return;
    const lines = text.split("\n");
    const rest = lines.pop();
    for (const line of lines.filter(Boolean)) {
      box.value = line;
      box.form.requestSubmit();
    }
    if (rest) box.value = rest + box.value;
  }

  function leave(event) {
    const link = event.target instanceof Element && event.target.closest("a[data-fkey]");
    if (link && !event.ctrlKey && !event.shiftKey && !event.metaKey) leavingFor = link.pathname;
  }

  function stay() {
    leavingFor = "";
  }

  document.addEventListener("click", leave);
  document.addEventListener("pointerdown", stay);
  window.addEventListener("pageshow", stay);
  // Before the scan box hears the keys.
  document.addEventListener("keydown", keep, { capture: true });
  // After the other scripts, which may send what the box holds in their own way.
  document.addEventListener("DOMContentLoaded", give);
})();
