// The counter: how many are ticked, what they cost, and whose name is asked for. Without this, the server says it all.
(() => {
  "use strict";
  function markChosen() {
    for (const radio of document.querySelectorAll(".pick input[type=radio]")) {
      radio.closest("label").classList.toggle("on", radio.checked);
    }
  }
  document.addEventListener("change", markChosen);
  markChosen();

  const hand = document.getElementById("hand");
  if (!hand) return;
  const ticks = [...document.querySelectorAll('input[name="parcel"]')];
  const button = hand.querySelector("[data-count]");
  const total = hand.querySelector("[data-due-total] .money");
  const proxy = hand.querySelector("[data-proxy]");

  function show() {
    const taken = ticks.filter((tick) => tick.checked);
    button.firstChild.data = `${button.dataset.count.replace("{n}", taken.length)} `;
    button.disabled = taken.length === 0;
    if (total) {
      const fen = taken.reduce((sum, tick) => sum + Number(tick.dataset.due), 0);
      total.textContent = `¥${(fen / 100).toFixed(2)}`;
    }
    for (const unread of hand.querySelectorAll("[data-unread]")) {
      unread.hidden = !taken.some((tick) => tick.value === unread.dataset.unread);
    }
    proxy.hidden = hand.querySelector('[name="collector"]:checked').value !== "proxy";
  }
  document.addEventListener("change", (event) => {
    show();
    if (event.target.value === "proxy") hand.querySelector("#f-name").focus();
  });
  show();
})();
