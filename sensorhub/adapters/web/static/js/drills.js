// Drills as they count: the set that is going on, large, and the sets that are done.
import { DRILL_NAMES, SIDE_NAMES, UNKNOWN, clock, number, setText } from "./format.js";

export function showDrills(session) {
  const going = latest(session);
  setText(document.getElementById("drill-name"), going ? title(going) : "No drill yet");
  document.getElementById("drill-big").hidden = !going;
  setText(document.getElementById("drill-count"), going ? amount(going) : UNKNOWN);
  setText(document.getElementById("drill-unit"), going ? unit(going) : "");
  setText(document.getElementById("drill-note"), going ? note(going) : "Start a drill: it is counted without a button.");
  showSets(session?.sets ?? []);
}

// The repetition under way where there is a newer one than the last set, else that set.
function latest(session) {
  const rep = session?.reps.at(-1);
  const set = session?.sets.at(-1);
  if (!rep) return set ?? null;
  return set && set.end_s >= rep.t_s ? set : rep;
}

function title(record) {
  const side = record.direction ?? record.side;
  const way = record.direction ? `to the ${record.direction}` : side ? `${record.drill === "side_plank" ? "on the " : ""}${side}` : "";
  return [DRILL_NAMES[record.drill] ?? record.drill, way, `set ${record.set}`].filter(Boolean).join(" · ");
}

function amount(record) {
  if (record.type === "drill_rep") return String(record.rep);
  if (record.drill === "side_plank") return clock(record.hold_s);
  return number(record.steps ?? record.reps);
}

function unit(record) {
  if (record.drill === "side_plank") return "held";
  return record.drill === "band_walk" ? "steps" : "reps";
}

function note(record) {
  if (record.type === "drill_rep") return Number.isFinite(record.pelvic_drop_deg) ? `Drop ${number(record.pelvic_drop_deg, 1)}°` : "";
  if (record.reason) return record.reason;
  return `Set done. Level score ${levelScore(record)}`;
}

function levelScore(record) {
  if (record.drill === "side_plank") return Number.isFinite(record.sag_deg) ? `sag ${number(record.sag_deg, 1)}°` : UNKNOWN;
  return number(record.level_score);
}

function tempo(record) {
  if (Number.isFinite(record.tempo_spm)) return `${number(record.tempo_spm)} steps/min`;
  return Number.isFinite(record.tempo_s) ? `${number(record.tempo_s, 1)} s` : UNKNOWN;
}

function showSets(sets) {
  const body = document.getElementById("sets");
  const key = sets.map((set) => `${set.seq}.${set.revision ?? 0}`).join(" ");
  if (body.dataset.shown === key || (!sets.length && !body.dataset.shown)) return;
  body.dataset.shown = key;
  body.replaceChildren(...sets.map(row));
}

function row(record) {
  const done = record.reason ? "not counted" : `${amount(record)} ${unit(record)}`;
  return tableRow([setName(record), done, tempo(record), levelScore(record)]);
}

export function setName(record) {
  const side = SIDE_NAMES[record.direction ?? record.side]?.toLowerCase();
  return [`${DRILL_NAMES[record.drill] ?? record.drill} ${record.set}`, side].filter(Boolean).join(", ");
}

// With headings a narrow screen can show each row as a card, which leaves out what is unknown.
export function tableRow(cells, headings = []) {
  const line = document.createElement("tr");
  cells.forEach((text, column) => {
    const cell = line.insertCell();
    cell.textContent = String(text);
    if (headings[column]) cell.dataset.heading = headings[column];
    if (text === UNKNOWN) cell.className = "unknown";
  });
  return line;
}
