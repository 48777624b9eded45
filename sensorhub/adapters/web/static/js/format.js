// Numbers as people read them. Unknown is a dash, never 0.
export const UNKNOWN = "–";

export const SIDE_NAMES = { left: "Left", right: "Right" };
export const DRILL_NAMES = { band_walk: "Band walk", side_plank: "Side plank", standing_clamshell: "Standing clamshell" };
export const ACTIVITY_NAMES = { run: "Running", walk: "Walking", stand: "Standing", other: "Moving", ...DRILL_NAMES };
export const FLAG_NAMES = {
  gap: "samples missing", turn: "turning", slip: "clip slipped", clipped: "sensor at its limit", unsettled: "still settling",
};

export function number(value, digits = 0, scale = 1) {
  return Number.isFinite(value) ? (value * scale).toFixed(digits) : UNKNOWN;
}

export function clock(seconds) {
  if (!Number.isFinite(seconds)) return UNKNOWN;
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const shown = parts[0] ? parts : parts.slice(1);
  return shown.map((part, index) => (index ? String(part).padStart(2, "0") : String(part))).join(":");
}

export function mean(values) {
  const known = values.filter(Number.isFinite);
  return known.length ? known.reduce((sum, value) => sum + value, 0) / known.length : null;
}

export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
