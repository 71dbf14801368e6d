// Reads a text of the page to somebody who does not read: button[data-read-aloud=ID of the text]. Pressed again it stops.
(() => {
  "use strict";
  const SLOWLY = 0.8;
  const language = document.documentElement.lang;

  // Only a voice on this computer: one from the network would send the text away.
  function voice() {
    const fitting = (each) => each.localService && each.lang.slice(0, 2) === language.slice(0, 2);
    return speechSynthesis.getVoices().find(fitting);
  }

  // Without a voice the text is shown, for somebody to read it out.
  function read(text) {
    const speaker = voice();
    if (!speaker) return text.scrollIntoView({ block: "center" });
    const spoken = new SpeechSynthesisUtterance(text.textContent);
    spoken.voice = speaker;
    spoken.lang = speaker.lang;
    spoken.rate = SLOWLY;
    speechSynthesis.speak(spoken);
  }

  for (const button of document.querySelectorAll("[data-read-aloud]")) {
    if (!window.speechSynthesis) {
      button.hidden = true;
      continue;
    }
    speechSynthesis.getVoices(); // the list of voices is only fetched once somebody asks for it
    button.addEventListener("click", () => {
      const speaking = speechSynthesis.speaking;
      speechSynthesis.cancel();
      if (!speaking) read(document.getElementById(button.dataset.readAloud));
    });
  }
})();
