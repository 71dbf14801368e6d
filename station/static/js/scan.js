// The scan box hears a wedge scanner anywhere on the page. A scanner types like a keyboard, only faster than hands can:
// what it typed is put into the box, wherever the keys went, and the box's form is submitted.
(() => {
  "use strict";
  const GAP = 40; // ms between two keys of a scan, at most
  const BREAK = 1000; // ms after which a key in the box begins something new: less is a busy laptop, amid a code
  // ms of silence that end a scan without Enter: with a scanner not known yet; with one that never sends Enter; with one
  // that does, for then it is the laptop that pauses, amid a code.
  const UNKNOWN = 1000;
  const IDLE = 300;
  const STALL = 1500;
  const ECHO = 400; // ms in which an input method may still deliver what it made of a scan
  const SHORTEST = 4;
  const SHORTEST_WITHOUT_ENTER = 8;
  const ENDS = ["Enter", "NumpadEnter", "Tab"];
  const PLACES = { Minus: "-", NumpadSubtract: "-", Period: ".", NumpadDecimal: ".", Slash: "/" };

  const box = document.querySelector("[data-scan]");
  if (!box) return;
  let typed = "";
  let fast = 0; // how many of its last characters came faster than hands type
  let last = -Infinity;
  let ended = -Infinity;
  let field = null; // where the keys went, and what stood there before
  let before = "";
  let silence;
  let patience = UNKNOWN;

  // An input method in Chinese mode takes the key and says only "Process": where the key lies tells what was typed.
  function character(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return "";
    if (!event.isComposing && event.keyCode !== 229) return event.key.length === 1 ? event.key : "";
    const [, digit, letter] = /^(?:(?:Digit|Numpad)(\d)|Key([A-Z]))$/.exec(event.code) || [];
    if (letter) return event.shiftKey ? letter : letter.toLowerCase();
    return digit || PLACES[event.code] || "";
  }

  function isWriting(element) {
    const ticked = ["checkbox", "radio", "button", "submit", "reset", "file", "range", "color", "image"];
    return element.matches("textarea, select, input") && !ticked.includes(element.type);
  }

  function hear(event) {
    // A key held down repeats as fast as a scanner types.
    if (event.repeat) return forget();
    if (ENDS.includes(event.code) || event.key === "Enter") return end(event);
    const char = character(event);
    if (!char) return;
    // Focus moves before the letter arrives, so that it lands in the box. A space may be meant for a button.
    if (char !== " " && !isWriting(document.activeElement)) box.focus();
    // The event's own time: a busy page gets the keys late, and all at once.
    const gap = event.timeStamp - last;
    if (gap > (document.activeElement === box ? BREAK : GAP)) begin();
    fast = gap > GAP ? 1 : fast + 1;
    last = event.timeStamp;
    typed += char;
    clearTimeout(silence);
    if (fast >= SHORTEST_WITHOUT_ENTER) silence = setTimeout(endBySilence, patience);
  }

  function begin() {
    typed = "";
    field = document.activeElement;
    before = field.value;
  }

  function end(event) {
    const scanned = fast >= SHORTEST && event.timeStamp - last < IDLE;
    if (!scanned) return forget();
    event.preventDefault();
    event.stopImmediatePropagation();
    patience = STALL;
    submit();
  }

  function endBySilence() {
    if (patience === UNKNOWN) patience = IDLE;
    submit();
  }

  function submit() {
    const text = typed;
    if (field !== box && "value" in field) field.value = before;
    ended = last;
    forget();
    // Leaving the box ends the composition of an input method, and its text goes with it.
    box.blur();
    box.value = text;
    box.focus();
    box.form.requestSubmit();
  }

  function forget() {
    typed = "";
    fast = 0;
    last = -Infinity;
    clearTimeout(silence);
  }

  function dropComposed(event) {
    const composed = event.type === "compositionend" || event.inputType === "insertCompositionText";
    if (composed && !typed && performance.now() - ended < ECHO) box.value = "";
  }

  document.addEventListener("keydown", hear, { capture: true });
  box.addEventListener("input", dropComposed);
  box.addEventListener("compositionend", dropComposed);
  // Unless the page asks for something else first.
  if (box.value && !document.querySelector("[autofocus]:not([data-scan])")) box.select();

  const ear = box.form.querySelector(".ear");
  if (!ear) return;
  function listen() {
    const state = document.hasFocus() ? "listening" : "lost";
    ear.dataset.ear = state;
    ear.textContent = ear.dataset[state];
    ear.hidden = false;
  }
  window.addEventListener("focus", listen);
  window.addEventListener("blur", listen);
  ear.addEventListener("click", () => box.focus());
  listen();
})();
