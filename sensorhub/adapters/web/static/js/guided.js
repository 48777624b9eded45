// A guided session: what is due, how far it is, what comes next, and what was done against what was prescribed.
import { DRILL_NAMES, SIDE_NAMES, clock, number, setText } from "./format.js";
import { setName, tableRow } from "./drills.js";
import { joinSound, ring, tick } from "./sound.js";

const PHASES = { ready: "Ready", countdown: "Get ready", work: "Go", rest: "Rest", paused: "Paused", done: "Done" };
const MAIN_ACTIONS = { ready: "start", countdown: "pause", work: "pause", rest: "pause", paused: "resume", done: "start" };
const ACTION_NAMES = { start: "Start", pause: "Pause", resume: "Resume" };
const ACTIVE = ["countdown", "work", "rest", "paused"];
const TICKS_FROM_S = 3;

const part = (name) => document.getElementById(`guided-${name}`);
const soundButton = document.getElementById("sound");
let shown = null;

export function joinGuided() {
  joinSound(soundButton);
  part("main").addEventListener("click", () => ask(MAIN_ACTIONS[shown?.phase]));
  part("skip").addEventListener("click", () => ask("skip"));
  part("stop").addEventListener("click", () => ask("stop"));
}

async function ask(action) {
  if (!action) return;
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch("/api/guided", { method: "POST", headers, body: JSON.stringify({ action }) }).catch(() => null);
  setText(part("trouble"), answer?.ok ? "" : "The service did not take that. Try again.");
}

// Shows a state; true when a session has just become active, so that the page can turn to it.
export function showGuided(state) {
  const before = shown;
  shown = state;
  const active = ACTIVE.includes(state.phase);
  const card = document.getElementById("guided");
  card.hidden = false;
  card.dataset.phase = state.phase;
  document.getElementById("free-drill").hidden = active;
  setText(part("title"), title(state));
  showProgress(state);
  setText(part("phase"), state.sensor_lost ? `${PHASES[state.phase]} · the sensor is away` : PHASES[state.phase]);
  showNumber(state);
  setText(part("target"), target(state));
  setText(part("cue"), state.cue);
  setText(part("next"), state.next ? `Next: ${state.next}` : "");
  showButtons(state.phase);
  showResults(state.results);
  sound(before, state);
  return active && !ACTIVE.includes(before?.phase);
}

function title(state) {
  if (!state.drill || state.phase === "ready") return state.programme;
  const side = SIDE_NAMES[state.side] ?? "";
  return `${[DRILL_NAMES[state.drill], side.toLowerCase()].filter(Boolean).join(", ")} · set ${state.set} of ${state.sets}`;
}

function showProgress(state) {
  part("progress").max = state.steps || 1;
  part("progress").value = state.phase === "done" ? state.steps : state.step - 1;
  setText(part("step"), `Step ${state.step} of ${state.steps}`);
}

function showNumber(state) {
  const [text, unit] = bigNumber(state);
  setText(part("number"), text);
  setText(part("unit"), unit);
}

function bigNumber(state) {
  if (state.phase === "done") return ["✓", ""];
  if (state.phase === "ready") return [String(state.steps), "sets"];
  if (Number.isFinite(state.remaining_s)) return [String(Math.ceil(state.remaining_s)), "s"];
  if (state.unit === "s") return [clock(state.clock_s ?? 0), ""];
  return [number(state.count), state.unit ?? ""];
}

function target(state) {
  if (state.phase === "done" || state.target_low === null) return "";
  return `Aim: ${range(state.target_low, state.target_high)} ${state.unit}`;
}

function range(low, high) {
  return low === high || high === null ? number(low) : `${number(low)} to ${number(high)}`;
}

function showButtons(phase) {
  const action = MAIN_ACTIONS[phase];
  part("main").hidden = !action;
  setText(part("main"), phase === "done" ? "Start again" : ACTION_NAMES[action] ?? "");
  for (const name of ["skip", "stop"]) part(name).hidden = !ACTIVE.includes(phase);
}

function showResults(results) {
  part("results").hidden = !results.length;
  if (part("rows").childElementCount === results.length) return;
  part("rows").replaceChildren(...results.map(row));
}

function row(result) {
  const done = result.done === null ? "not counted" : `${number(result.done)} ${result.unit}`;
  const reached = result.done === null ? "" : result.done >= result.prescribed_low ? " ✓" : " ✕";
  return tableRow([
    setName(result), `${range(result.prescribed_low, result.prescribed_high)} ${result.unit}`, done + reached, number(result.level_score),
  ]);
}

function sound(before, state) {
  if (soundButton.getAttribute("aria-pressed") !== "true") return;
  if (before && state.rings > before.rings) return ring();
  const second = Math.ceil(state.remaining_s ?? 0);
  if (second >= 1 && second <= TICKS_FROM_S && second !== Math.ceil(before?.remaining_s ?? 0)) tick();
}
