// Keys of the counter. A scanner types too, so no letter is a shortcut and a digit is one only when it comes alone.
// What a key does is written on the element that it presses: data-fkey, data-key, data-primary, data-undo …
(() => {
  "use strict";
  const SILENCE = 350; // ms around a lone digit
  const AFTER_SCAN = 400; // ms in which Enter still belongs to a scan
  const WITH_CTRL = { z: "[data-undo]", p: "[data-print]", enter: "[data-finish]", m: "[data-move]", s: "[data-photo]" };
  const ROW_PART = "input[type=checkbox], a[href], button, input, [tabindex]";
  let lastTyped = -Infinity;
  let lone;

  // The answer speaks before the rest of the page.
  function find(selector) {
    const found = [...document.querySelectorAll(selector)].filter((each) => each.getClientRects().length && !each.disabled);
    return found.find((each) => each.closest("#answer")) || found[0];
  }

  function press(element, event) {
    if (!element) return false;
    event.preventDefault();
    element.click();
    return true;
  }

  function isTicked(element) {
    return element.matches("input[type=checkbox], input[type=radio]");
  }

  // Somebody types here, and every key is theirs. The scan box is ours as long as it is empty.
  function isWriting(element) {
    if (element.matches("[data-scan]")) return element.value !== "";
    return element.matches("textarea, select, input, [contenteditable]") && !isTicked(element);
  }

  function withCtrl(event) {
    const key = event.key.toLowerCase();
    if (!Object.hasOwn(WITH_CTRL, key)) return;
    if (key === "z" && isWriting(event.target)) return; // takes back letters, as everywhere
    press(find(WITH_CTRL[key]), event);
  }

  function digit(event) {
    if (event.keyCode !== 229) return /^\d$/.test(event.key) ? event.key : "";
    return (/^(?:Digit|Numpad)(\d)$/.exec(event.code) || [])[1] || "";
  }

  // The choice is the one that was on the screen when the key went down; if another parcel's came meanwhile, nothing.
  function chooseLater(number, box) {
    const choice = find(`[data-key="${number}"]`);
    if (!choice) return;
    lone = setTimeout(() => {
      if (!choice.isConnected || (box && box.value.normalize("NFKC") !== number)) return;
      if (box) box.value = "";
      choice.click();
    }, SILENCE);
  }

  function enter(event) {
    const target = event.target;
    if (event.timeStamp - lastTyped < AFTER_SCAN || isWriting(target) || target.matches("a, button, summary")) return;
    press(find("[data-primary]"), event);
  }

  function escape(event) {
    const box = document.querySelector("[data-scan]");
    if (box && box.value) {
      box.value = "";
      box.focus();
    } else if (!isWriting(event.target) && !press(find("[data-park]"), event)) {
      history.back();
    }
  }

  function chooseWho(event) {
    const who = [...document.querySelectorAll("[data-who] input[type=radio]:not(:disabled)")];
    if (!who.length || isWriting(event.target) || event.target.type === "radio") return;
    const step = event.key === "ArrowRight" ? 1 : -1;
    const now = who.findIndex((each) => each.checked);
    press(who[(Math.max(now, 0) + (now < 0 ? 0 : step) + who.length) % who.length], event);
  }

  // Space ticks by itself: the focus is on the row's own tick, link or button.
  function moveInRows(event) {
    if (isWriting(event.target) || event.target.type === "radio") return;
    const rows = [...document.querySelectorAll("[data-rows] > *")];
    const parts = rows.map((row) => row.querySelector(ROW_PART)).filter((part) => part && !part.disabled);
    if (!parts.length) return;
    const now = parts.findIndex((part) => part.parentElement.closest("[data-rows] > *").contains(event.target));
    const next = event.key === "ArrowDown" ? now + 1 : Math.max(now, 1) - 1;
    event.preventDefault();
    parts[Math.min(next, parts.length - 1)].focus();
  }

  const PLAIN = {
    Enter: enter,
    Escape: escape,
    ArrowLeft: chooseWho,
    ArrowRight: chooseWho,
    ArrowUp: moveInRows,
    ArrowDown: moveInRows,
  };

  document.addEventListener("keydown", (event) => {
    clearTimeout(lone);
    if (event.defaultPrevented || event.repeat || !(event.target instanceof Element)) return;
    if (event.ctrlKey && !event.altKey && !event.metaKey) return withCtrl(event);
    if (event.altKey || event.metaKey || event.shiftKey) return;
    const number = digit(event);
    const alone = event.timeStamp - lastTyped > SILENCE;
    if (event.key.length === 1 || number) lastTyped = event.timeStamp;
    if (number && alone && !isWriting(event.target)) chooseLater(number, document.querySelector("[data-scan]"));
    else if (event.keyCode === 229) return;
    else if (/^F\d+$/.test(event.key)) press(find(`[data-fkey="${event.key}"]`), event);
    else if (Object.hasOwn(PLAIN, event.key)) PLAIN[event.key](event);
  });

  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-print-page]")) window.print();
  });
})();
