// A tone when a side drops more than this runner's own band: learnt first, told once, and not again before it was better.
import { number, setText } from "./format.js";
import { cueTone, joinSound } from "./sound.js";

const CUE = {
  learnStrides: 40, // trusted strides of a side from which its band is learnt
  widthSds: 1.5, // the band ends so many standard deviations above the mean
  leastSdDeg: 0.4, // a very even runner would else be told of nothing
  releaseSds: 0.5, // so far below the band's end it must come before a cue may fire again
  recentStrides: 5, // the median of so many is looked at, so that one stumble is no cue
  restMs: 10000, // and a runner is left alone for so long
  leastQuality: 0.5,
};

export class CueRule {
  #sides = { left: newSide(), right: newSide() };
  #firedAt = -Infinity;

  // Takes a stride; gives { side, limit } when a cue is due at this time.
  take(stride, nowMs) {
    const value = stride.pelvic_drop_excursion_deg;
    const trusted = stride.revision === 0 && !stride.flags.length && stride.quality >= CUE.leastQuality;
    if (!trusted || !Number.isFinite(value)) return null;
    const side = this.#sides[stride.side];
    if (side.limit === null) learn(side, value);
    else return this.#watch(side, stride.side, value, nowMs);
    return null;
  }

  #watch(side, name, value, nowMs) {
    side.recent = [...side.recent, value].slice(-CUE.recentStrides);
    const middle = median(side.recent);
    if (middle < side.limit - CUE.releaseSds * side.sd) side.armed = true;
    const due = side.recent.length === CUE.recentStrides && side.armed && middle > side.limit;
    if (!due || nowMs - this.#firedAt < CUE.restMs) return null;
    side.armed = false;
    this.#firedAt = nowMs;
    return { side: name, limit: side.limit };
  }

  describe() {
    const words = (name) => {
      const side = this.#sides[name];
      return side.limit === null
        ? `${name} learning, ${side.learnt.length} of ${CUE.learnStrides} strides`
        : `${name} up to ${number(side.limit, 1)}°`;
    };
    return `Your own band: ${words("left")}; ${words("right")}.`;
  }
}

function newSide() {
  return { learnt: [], limit: null, sd: null, recent: [], armed: true };
}

function learn(side, value) {
  side.learnt.push(value);
  if (side.learnt.length < CUE.learnStrides) return;
  const mean = side.learnt.reduce((sum, each) => sum + each, 0) / side.learnt.length;
  const variance = side.learnt.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (side.learnt.length - 1);
  side.sd = Math.max(CUE.leastSdDeg, Math.sqrt(variance));
  side.limit = mean + CUE.widthSds * side.sd;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

// The panel on the page: a rule for each session, tones only after the button was pressed.
export class CuePanel {
  #rules = new Map();
  #button = document.getElementById("cue");
  #told = document.getElementById("cue-told");

  constructor() {
    joinSound(this.#button);
  }

  take(record) {
    if (record.type !== "stride") return;
    if (!this.#rules.has(record.session)) this.#rules.set(record.session, new CueRule());
    const cue = this.#rules.get(record.session).take(record, performance.now());
    if (!cue || this.#button.getAttribute("aria-pressed") !== "true") return;
    setText(this.#told, `${cue.side === "left" ? "Left" : "Right"} stance: hips level. Above ${number(cue.limit, 1)}°.`);
    cueTone(cue.side);
  }

  show(session) {
    const rule = session && this.#rules.get(session.name);
    setText(document.getElementById("cue-band"), rule ? rule.describe() : "");
  }

  reset() {
    this.#rules.clear();
  }
}
