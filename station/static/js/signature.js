// A field to sign in: [data-signature] holds an svg with a path, a hidden input, and a button [data-wipe]. What finger, pen or
// mouse draws becomes lines of whole numbers, an SVG path, in the field. Without this script only paper can be signed.
(() => {
  "use strict";
  const LONGEST = 60000; // characters of the path, as the station keeps them
  const NEAR = 2; // units between two points that are worth keeping

  const pad = document.querySelector("[data-signature]");
  if (!pad) return;
  const svg = pad.querySelector("svg");
  const drawn = svg.querySelector("path");
  const field = pad.querySelector("input[type=hidden]");
  const { width, height } = svg.viewBox.baseVal;
  let path = "";
  let pen = null; // the pointer that draws
  let last = null;

  function point(event) {
    const box = svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * width;
    const y = ((event.clientY - box.top) / box.height) * height;
    return [Math.round(Math.min(Math.max(x, 0), width)), Math.round(Math.min(Math.max(y, 0), height))];
  }

  function show() {
    drawn.setAttribute("d", path);
    field.value = path;
  }

  function add(letter, [x, y]) {
    if (path.length > LONGEST - 20) return;
    path += `${letter}${x} ${y}`;
    last = [x, y];
  }

  function isNear([x, y]) {
    return last && Math.abs(x - last[0]) + Math.abs(y - last[1]) < NEAR;
  }

  svg.addEventListener("pointerdown", (event) => {
    if (pen !== null || event.button !== 0) return;
    event.preventDefault();
    pen = event.pointerId;
    svg.setPointerCapture(pen);
    add("M", point(event));
  });
  svg.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pen) return;
    // Between two frames a pen has been at many places.
    const steps = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
    for (const step of steps.length ? steps : [event]) {
      const next = point(step);
      if (!isNear(next)) add("L", next);
    }
    show();
  });
  function lift(event) {
    if (event.pointerId !== pen) return;
    pen = null;
    if (path.endsWith(`M${last[0]} ${last[1]}`)) add("L", [last[0] + 1, last[1]]); // a dot
    show();
  }
  svg.addEventListener("pointerup", lift);
  svg.addEventListener("pointercancel", lift);
  pad.querySelector("[data-wipe]").addEventListener("click", () => {
    path = "";
    last = null;
    show();
  });

  pad.hidden = false;
  for (const button of document.querySelectorAll("[data-on-screen]")) button.hidden = false;
})();
