// What was kept: the dose of drills and the pelvic drop of runs on one time axis, and the sessions in a table.
import { DRILL_NAMES, UNKNOWN, clock, number, setText } from "./format.js";
import { tableRow } from "./drills.js";
import { axis, colour } from "./trend.js";

const HALF_DAY_S = 43_200;
const TICKS_S = [1, 2, 7, 14, 28, 91, 182, 364].map((days) => days * 2 * HALF_DAY_S);

const HEADINGS = [...document.querySelectorAll("#sessions-panel th")].map((heading) => heading.textContent);

let plot = null;

// Shows one runner's history: the wanted one, where there is something of them, else the newest session's.
export async function showHistory(wanted) {
  const answer = await fetch("/api/sessions");
  if (!answer.ok) return;
  const all = (await answer.json()).reverse();
  const runners = [...new Set(all.map((session) => session.runner))];
  const runner = runners.includes(wanted) ? wanted : all.at(-1)?.runner;
  showChoice(runners, runner);
  const sessions = all.filter((session) => session.runner === runner);
  document.getElementById("sessions-panel").hidden = !sessions.length;
  document.getElementById("sessions").replaceChildren(...sessions.toReversed().map(row));
  const dated = sessions.filter((session) => session.start_unix_ns !== null);
  drawDose(dated);
  setText(document.getElementById("dose-text"), describe(dated));
  await showAdvice(runner);
}

export function joinHistory() {
  document.getElementById("history-runner").addEventListener("change", (event) => showHistory(event.target.value));
}

function showChoice(runners, runner) {
  document.getElementById("history-choice").hidden = runners.length < 2;
  const select = document.getElementById("history-runner");
  select.replaceChildren(...runners.map((name) => new Option(name, name)));
  select.value = runner ?? "";
}

async function showAdvice(runner) {
  const answer = runner && (await fetch(`/api/suggestions?runner=${encodeURIComponent(runner)}`));
  const suggestions = answer?.ok ? await answer.json() : [];
  document.getElementById("advice-panel").hidden = !suggestions.length;
  document.getElementById("advice").replaceChildren(...suggestions.map(advice));
}

function advice({ drill, stage, next_stage: next, reason }) {
  const item = document.createElement("li");
  const what = next ? `try “${next}”` : `stay at “${stage}”`;
  item.textContent = `${DRILL_NAMES[drill] ?? drill}: ${what}: ${reason}.`;
  return item;
}

function row(session) {
  const start = session.start_unix_ns === null ? session.session : new Date(session.start_unix_ns / 1e6).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
  const pair = (left, right) => (left === null && right === null ? UNKNOWN : `${number(left, 1)}° / ${number(right, 1)}°`);
  const dose = (count, amount) => (count ? `${count} sets, ${amount}` : UNKNOWN);
  return tableRow([
    start, clock(session.duration_s), session.strides || UNKNOWN,
    pair(session.pelvic_drop_excursion_left_deg, session.pelvic_drop_excursion_right_deg),
    pair(session.pelvic_drop_left_deg, session.pelvic_drop_right_deg),
    dose(session.band_walk_sets, `${session.band_walk_steps} steps`),
    dose(session.side_plank_sets, `${number(session.side_plank_hold_s)} s`),
    dose(session.standing_clamshell_sets, `${session.standing_clamshell_reps} reps`),
  ], HEADINGS);
}

function sets(session) {
  return session.band_walk_sets + session.side_plank_sets + session.standing_clamshell_sets;
}

function drawDose(sessions) {
  const element = document.getElementById("dose");
  element.hidden = !sessions.length;
  if (!sessions.length) return;
  const at = sessions.map((session) => session.start_unix_ns / 1e9);
  const data = [
    at,
    sessions.map((session) => sets(session) || null),
    sessions.map((session) => session.pelvic_drop_excursion_left_deg),
    sessions.map((session) => session.pelvic_drop_excursion_right_deg),
  ];
  plot?.destroy();
  plot = new uPlot(options(element, at[0] - HALF_DAY_S, at.at(-1) + HALF_DAY_S), data, element);
}

function options(element, first, last) {
  const points = (fill) => ({ show: true, size: 9, fill: colour(fill) });
  return {
    width: element.clientWidth || 300,
    height: element.clientHeight || 250,
    cursor: { show: false },
    legend: { show: false },
    scales: { x: { range: [first, last] }, y: { range: (_plot, _low, high) => [0, Math.max(8, high ?? 8)] }, sets: { range: (_plot, _low, high) => [0, 2 * Math.max(4, high ?? 4)] } },
    axes: [{ ...axis(), values: (_plot, ticks) => ticks.map(date), incrs: TICKS_S, space: 80 }, axis("excursion, degrees"), { ...axis("sets of drills"), scale: "sets", side: 1, grid: { show: false } }],
    series: [
      {},
      { label: "Sets", scale: "sets", stroke: colour("soft"), fill: colour("gap"), paths: uPlot.paths.bars({ size: [0.5, 24, 8] }), points: { show: false } },
      { label: "Left", stroke: colour("left"), width: 2, spanGaps: true, points: points("left") },
      { label: "Right", stroke: colour("right"), width: 2, dash: [6, 4], spanGaps: true, points: points("panel") },
    ],
  };
}

function counted(count, thing) {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}

function date(seconds) {
  return new Date(seconds * 1000).toLocaleDateString(undefined, { day: "numeric", month: "short" });
}

function describe(sessions) {
  if (!sessions.length) return "Nothing is kept yet. Your first run or drill appears here as soon as it has begun.";
  const runs = sessions.filter((session) => session.pelvic_drop_excursion_left_deg !== null);
  const drilled = sessions.filter((session) => sets(session));
  const names = Object.values(DRILL_NAMES).join(", ").toLowerCase();
  return `${counted(runs.length, "run")} (left solid with full dots, right dashed with open dots) and ${counted(drilled.length, "session")} with drills (bars: sets of ${names}).`;
}
