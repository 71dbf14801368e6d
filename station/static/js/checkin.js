// The check-in desk: every scan goes into the queue, and what the station answers takes the place of the answer before.
(() => {
  "use strict";
  const DOUBLE = 1500; // ms in which the same code again is a scanner's double trigger, not a second parcel
  const form = document.querySelector("form[data-queue]");
  if (!form) return;
  const box = form.querySelector("[data-scan]");
  const asked = new Map(); // what was sent from a card, to the form it came from

  function take(text) {
    box.value = "";
    box.focus();
    if (!text || isDouble(text)) return;
    const fields = Object.fromEntries(new FormData(form));
    scanQueue.add(form.action, { ...fields, scanned: text, scan_id: scanQueue.newId() });
  }

  function isDouble(text) {
    return scanQueue.items().some((item) => item.fields.scanned === text && Date.now() - item.at < DOUBLE);
  }

  function answerQuestion(card, button) {
    if (card.dataset.sent !== undefined) return;
    card.dataset.sent = "";
    const fields = Object.fromEntries(new FormData(card));
    if (button && button.name) fields[button.name] = button.value;
    asked.set(scanQueue.add(card.action, fields), card);
    box.focus();
  }

  // An answer to a card that was parked meanwhile belongs into the list, not over the card of the next parcel.
  function isParked(item) {
    const card = asked.get(item.id);
    asked.delete(item.id);
    const answer = document.getElementById("answer");
    return card !== undefined && !card.isConnected && answer.dataset.held === undefined;
  }

  function showAnswered({ item, html, refused }) {
    const parked = isParked(item);
    const arrived = new DOMParser().parseFromString(html, "text/html");
    for (const id of parked ? ["side"] : ["answer", "side"]) {
      const now = document.getElementById(id);
      const next = arrived.getElementById(id);
      if (now && next) now.replaceWith(next);
    }
    // What was wrong stays in the box to be mended, selected so that the next scan replaces it.
    if (refused && item.fields.scanned && !box.value) {
      box.value = item.fields.scanned;
      box.select();
    }
    // A phone that was mistyped is mended where it was typed; a scan is heard there too.
    const phone = refused && item.fields.phone && !parked && document.getElementById("answer-phone");
    if (phone && !box.value) {
      phone.focus();
      phone.select();
    }
    if (!parked) document.dispatchEvent(new CustomEvent("answered"));
  }

  // "offline" or "signin": the card is the page's own, the words are the server's.
  function showHeld(why) {
    const card = document.getElementById(`${why}-answer`).content.firstElementChild.cloneNode(true);
    card.dataset.held = why;
    document.getElementById("answer").replaceWith(card);
    document.dispatchEvent(new CustomEvent("answered"));
  }

  document.addEventListener("queue", ({ detail }) => {
    if (detail.state === "answered") showAnswered(detail);
    else showHeld(detail.state);
  });
  document.addEventListener("submit", (event) => {
    const sent = event.target;
    if (sent !== form && sent.dataset.fragment === undefined) return;
    event.preventDefault();
    if (sent === form) take(box.value.normalize("NFKC").trim());
    else answerQuestion(sent, event.submitter);
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-park]")) return;
    document.getElementById("answer").hidden = true;
    box.focus();
  });
})();
