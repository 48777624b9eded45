// Tones for those who cannot look: they sound only after somebody pressed a button, as browsers demand.
const RING = { hertz: 880, seconds: 0.4 };
const TICK = { hertz: 440, seconds: 0.08 };

const LEFT = { hertz: 330, seconds: 0.25 };
const RIGHT = { hertz: 660, seconds: 0.25 };

let context = null;

// Makes a button switch one kind of tones on and off; its first press wakes the sound of the page.
export function joinSound(button) {
  button.addEventListener("click", async () => {
    context ??= new AudioContext();
    const start = button.getAttribute("aria-pressed") !== "true";
    if (start) await context.resume();
    button.setAttribute("aria-pressed", String(start));
    if (start) play(TICK);
    if (start) keepAwake();
  });
}

// A phone on a treadmill or on the floor must not fall asleep while it is listened to; some browsers cannot promise it.
function keepAwake() {
  navigator.wakeLock?.request("screen").catch(() => null);
}

export const ring = () => play(RING);
export const tick = () => play(TICK);
export const cueTone = (side) => play(side === "left" ? LEFT : RIGHT);

function play({ hertz, seconds }) {
  if (context?.state !== "running") return;
  const tone = new OscillatorNode(context, { frequency: hertz });
  const volume = new GainNode(context, { gain: 0.4 });
  volume.gain.setTargetAtTime(0, context.currentTime + seconds, 0.02);
  tone.connect(volume).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + seconds + 0.2);
}
