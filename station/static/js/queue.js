// What the desk sends waits here until the station has answered: through a lost connection, a reload, a crash, the end of
// a shift. It is sent in order, one at a time, from whichever page is open, as whoever is signed in by then: that is the
// volunteer the station can ask. Every scan has an id of its own, so that sending it twice harms nobody.
const scanQueue = (() => {
  "use strict";
  const PREFIX = "station.scan.";
  const PATIENCE = 8000;
  const PAUSES = [1, 2, 5, 10, 30]; // seconds until the next try
  const SIGN_IN = [401, 403];
  const FAULTS = 3;

  const unkept = new Map(); // where localStorage is full or switched off
  let made = 0;
  let sending = false;
  let failures = 0;
  let faults = 0;
  let held = ""; // why nothing is sent: "", "offline" or "signin"
  let retry;

  // One entry for each: two open windows never overwrite each other's. Sorted by name they are in order.
  function waiting() {
    let kept = [];
    try {
      kept = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
    } catch {
      // No storage in this browser: what is in memory is all there is.
    }
    return [...kept, ...unkept.keys()].sort();
  }

  function read(key) {
    return unkept.get(key) || JSON.parse(localStorage.getItem(key));
  }

  function keep(item) {
    const order = String(Date.now()).padStart(15, "0") + String(made++).padStart(6, "0");
    const key = `${PREFIX}${order}.${item.id}`;
    try {
      localStorage.setItem(key, JSON.stringify(item));
    } catch {
      unkept.set(key, item);
    }
    return key;
  }

  function drop(key) {
    if (!unkept.delete(key)) localStorage.removeItem(key);
  }

  function tell(state, more) {
    const count = document.querySelector("[data-count=offline]");
    if (count) {
      const number = held ? waiting().length : 0;
      count.dataset.level = number ? "ask" : "calm";
      count.querySelector("b").textContent = number;
    }
    if (state) document.dispatchEvent(new CustomEvent("queue", { detail: { state, ...more } }));
  }

  // crypto.randomUUID is missing where the station is reached by plain http.
  function newId() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function add(url, fields) {
    const item = { id: newId(), url, fields, at: Date.now() };
    keep(item);
    if (held) tell(held);
    send();
    return item.id;
  }

  async function send() {
    if (sending) return;
    sending = true;
    clearTimeout(retry);
    let key;
    while ((key = waiting()[0])) {
      if (!(await deliver(key))) break;
    }
    sending = false;
  }

  async function deliver(key) {
    const item = read(key);
    let response;
    let html;
    try {
      response = await fetch(item.url, {
        method: "POST",
        headers: { "HX-Request": "true" },
        body: new URLSearchParams(item.fields),
        signal: AbortSignal.timeout(PATIENCE),
      });
      html = await response.text();
    } catch {
      return hold("offline");
    }
    if (SIGN_IN.includes(response.status)) return hold("signin");
    // Without an answer in it, it is not the station that spoke: a hotspot's own page says 200 to everything.
    if (response.status === 429 || response.status >= 500 || !html.includes('id="answer"')) {
      if (response.status === 500) stepAside(key, item);
      return hold("offline");
    }
    drop(key);
    failures = faults = 0;
    held = "";
    tell("answered", { item, html, refused: !response.ok });
    return true;
  }

  // One that the program breaks on must not keep all others waiting: it goes behind them.
  function stepAside(key, item) {
    faults += 1;
    if (faults < FAULTS) return;
    faults = 0;
    keep(item);
    drop(key);
  }

  // Told once: the tries that follow must not cover what the volunteer reads by then.
  function hold(why) {
    const isNews = held !== why;
    held = why;
    if (why === "offline") retry = setTimeout(send, PAUSES[Math.min(failures++, PAUSES.length - 1)] * 1000);
    tell(isNews ? why : "");
    return false;
  }

  window.addEventListener("online", send);
  // Perhaps somebody has signed in in another window.
  window.addEventListener("focus", send);
  // After the other scripts, who want to hear what becomes of it.
  document.addEventListener("DOMContentLoaded", send);
  return { add, newId, items: () => waiting().map(read) };
})();
