// The answers by ear. Told apart by rhythm (1 rising pair, 2 short, 3 rising, 1 long), all below 1.2 kHz: older ears lose
// the high notes. The voice follows the tone and says what the answer carries in data-say; the next scan cuts it off.
(() => {
  "use strict";
  // state: [[hertz, from, seconds, shape] …]
  const NOTES = {
    ok: [[660, 0, 0.09, "triangle"], [990, 0.09, 0.14, "triangle"]],
    again: [[440, 0, 0.07, "triangle"], [440, 0.13, 0.07, "triangle"]],
    ask: [[587, 0, 0.12, "square"], [587, 0.18, 0.12, "square"], [880, 0.36, 0.22, "square"]],
    refuse: [[175, 0, 0.65, "sawtooth"]],
  };
  const VOICE_AFTER = 350; // ms
  const language = document.documentElement.lang;
  let context = null;
  let sentence;

  // Off is remembered on this computer; without storage everything is on.
  const switches = {
    isOn(name) {
      try {
        return localStorage.getItem(`station.${name}`) !== "off";
      } catch {
        return true;
      }
    },
    set(name, on) {
      try {
        localStorage.setItem(`station.${name}`, on ? "on" : "off");
      } catch {
        // Lasts until the page is left.
      }
    },
  };

  // A browser lets no page sound before a key or a click: what comes earlier stays silent instead of coming late.
  function wake() {
    if (!window.AudioContext) return;
    context = context || new AudioContext();
    if (context.state === "suspended") context.resume();
  }

  function play(state) {
    if (!context || context.state !== "running") return;
    for (const [hertz, from, seconds, shape] of NOTES[state] || []) {
      const tone = context.createOscillator();
      const volume = context.createGain();
      const start = context.currentTime + from;
      tone.type = shape;
      tone.frequency.value = hertz;
      volume.gain.setValueAtTime(0.35, start);
      volume.gain.exponentialRampToValueAtTime(0.001, start + seconds);
      tone.connect(volume).connect(context.destination);
      tone.start(start);
      tone.stop(start + seconds);
    }
  }

  // Only a voice on this computer: one from the network would fall silent with the connection.
  function voice() {
    const fitting = (each) => each.localService && each.lang.slice(0, 2) === language.slice(0, 2);
    return window.speechSynthesis && speechSynthesis.getVoices().find(fitting);
  }

  function say(words) {
    const speaker = voice();
    if (!speaker) return;
    const spoken = new SpeechSynthesisUtterance(words);
    spoken.voice = speaker;
    spoken.lang = speaker.lang;
    spoken.rate = 1.1;
    speechSynthesis.speak(spoken);
  }

  function hush() {
    clearTimeout(sentence);
    if (window.speechSynthesis) speechSynthesis.cancel();
  }

  function speakUp() {
    const answer = document.getElementById("answer");
    hush();
    if (!answer || !answer.dataset.state) return;
    if (switches.isOn("sound")) play(answer.dataset.state);
    if (switches.isOn("voice") && answer.dataset.say) sentence = setTimeout(say, VOICE_AFTER, answer.dataset.say);
  }

  for (const button of document.querySelectorAll("[data-switch]")) {
    const name = button.dataset.switch;
    button.setAttribute("aria-pressed", switches.isOn(name));
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", on);
      switches.set(name, on);
      if (!on) hush();
    });
  }

  for (const gesture of ["keydown", "pointerdown"]) document.addEventListener(gesture, wake, { capture: true });
  document.addEventListener("answered", speakUp);
  voice(); // the list of voices is only fetched once somebody asks for it
  const came = document.getElementById("answer");
  if (came && came.dataset.state) {
    wake();
    setTimeout(speakUp, 100); // a new context needs a moment to start
  }
})();
