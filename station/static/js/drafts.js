// What was typed into form[data-draft=NAME] survives a refusal, a lost session or a wrong turn, in this window alone,
// until a page says data-draft-done=NAME, or the page that answers the form shows no fault.
(() => {
  "use strict";
  const PREFIX = "station.draft.";
  const SENT = "station.sent"; // the draft sent last, and from which page
  const FAULT = "[aria-invalid=true], [role=alert], [data-state=refuse]";
  const SECRET = "[type=password], [type=hidden], [type=file], [name=pin], [autocomplete=one-time-code]";

  function fields(form) {
    return [...form.elements].filter((each) => each.name && each.type !== "submit" && !each.matches(SECRET));
  }

  function isTick(field) {
    return field.type === "checkbox" || field.type === "radio";
  }

  // Fields of one name, such as radio buttons or lines of a list, are told apart by their place
  // among them: others come and go in between.
  function save(form) {
    const typed = fields(form).map((field) => [field.name, isTick(field) ? field.checked : field.value]);
    sessionStorage.setItem(PREFIX + form.dataset.draft, JSON.stringify(typed));
  }

  function restore(form) {
    const typed = JSON.parse(sessionStorage.getItem(PREFIX + form.dataset.draft) || "[]");
    for (const field of fields(form)) {
      const place = typed.findIndex(([name]) => name === field.name);
      if (place < 0) continue;
      const [[, value]] = typed.splice(place, 1);
      if (isTick(field)) field.checked = value;
      else field.value = value;
    }
  }

  // The answer comes straight from the form's page. What comes by way of the sign-in, or back from a page that could not
  // be reached, is none.
  function forgetAnswered() {
    const { name, page } = JSON.parse(sessionStorage.getItem(SENT) || "{}");
    const [visit] = performance.getEntriesByType("navigation");
    sessionStorage.removeItem(SENT);
    if (!name || document.referrer !== page || visit.type !== "navigate" || document.querySelector(FAULT)) return;
    sessionStorage.removeItem(PREFIX + name);
  }

  forgetAnswered();
  for (const done of document.querySelectorAll("[data-draft-done]")) {
    sessionStorage.removeItem(PREFIX + done.dataset.draftDone);
  }
  for (const form of document.querySelectorAll('form[data-draft]:not([data-draft=""])')) {
    restore(form);
    form.addEventListener("input", () => save(form));
    form.addEventListener("submit", () => {
      const page = location.href.split("#")[0];
      sessionStorage.setItem(SENT, JSON.stringify({ name: form.dataset.draft, page }));
    });
  }
})();
