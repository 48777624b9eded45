// Tones for those who cannot look: they sound only after somebody pressed "Start sound", as browsers demand.
const RING = { hertz: 880, seconds: 0.4 };
const TICK = { hertz: 440, seconds: 0.08 };

let context = null;

export function joinSoundButton(button) {
  button.addEventListener("click", async () => {
    context ??= new AudioContext();
    const start = button.getAttribute("aria-pressed") !== "true";
    await (start ? context.resume() : context.suspend());
    button.setAttribute("aria-pressed", String(start));
    button.textContent = start ? "Stop sound" : "Start sound";
    if (start) play(TICK);
  });
}

export const ring = () => play(RING);
export const tick = () => play(TICK);

function play({ hertz, seconds }) {
  if (context?.state !== "running") return;
  const tone = new OscillatorNode(context, { frequency: hertz });
  const volume = new GainNode(context, { gain: 0.4 });
  volume.gain.setTargetAtTime(0, context.currentTime + seconds, 0.02);
  tone.connect(volume).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + seconds + 0.2);
}
