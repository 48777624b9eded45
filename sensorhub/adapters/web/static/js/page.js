// The page: the stream fills sessions, a frame draws what changed.
import { CuePanel } from "./cue.js";
import { showDrills } from "./drills.js";
import { joinGuided, showGuided } from "./guided.js";
import { joinHistory, showHistory } from "./history.js";
import { showLive } from "./live.js";
import { showMeanings } from "./meanings.js";
import { Session } from "./session.js";
import { Status } from "./status.js";
import { Stream } from "./stream.js";
import { Trend } from "./trend.js";

const VIEWS = ["live", "drills", "history"];
const status = new Status();
const trend = new Trend(document.getElementById("trend"), document.getElementById("trend-text"));
const cue = new CuePanel();
const sessions = new Map();
let chosen = null; // a sensor, when somebody chose one
let newest = null; // else who began last; while several run, the page stays with one until that one rests
let drawn = 0;

new Stream({
  record(record) {
    if (!sessions.has(record.session)) sessions.set(record.session, new Session(record));
    const session = sessions.get(record.session);
    session.take(record);
    cue.take(record);
    if (record.type !== "sensor" && (!newest || newest.sensor === session.sensor || newest.restsAt(record))) newest = session;
    draw();
  },
  state(state) {
    if (state.type === "link") status.set(state);
    if (state.type === "guided" && showGuided(state) && !location.hash) location.hash = "#drills";
  },
  reset() {
    sessions.clear();
    cue.reset();
    newest = null;
    draw();
  },
  connection: (connected) => status.connection(connected),
});

function current() {
  if (chosen === null) return newest;
  return [...sessions.values()].filter((session) => session.sensor === chosen).at(-1) ?? newest;
}

// The stream begins with the last records only; a long session's beginning is asked for when it is to be seen.
async function takeWhole(session) {
  if (!session) return;
  const answer = await fetch(`/api/sessions/${encodeURIComponent(session.name)}/records`);
  if (answer.ok) for (const record of await answer.json()) session.take(record);
  draw();
}

function draw() {
  if (!drawn) drawn = requestAnimationFrame(drawNow);
}

function drawNow() {
  drawn = 0;
  const session = current();
  showLive(session);
  cue.show(session);
  showDrills(session);
  showSources();
  if (!document.getElementById("live").hidden) trend.show(session);
}

function showSources() {
  const sources = new Map([...sessions.values()].map((session) => [session.sensor, `${session.runner} (${session.sensor})`]));
  document.getElementById("source-choice").hidden = sources.size < 2;
  const select = document.getElementById("source");
  if (select.options.length === sources.size + 1) return;
  select.replaceChildren(new Option("latest", ""), ...[...sources].map(([sensor, name]) => new Option(name, sensor)));
  select.value = chosen ?? "";
}

function showView() {
  const wanted = location.hash.slice(1);
  const view = VIEWS.includes(wanted) ? wanted : VIEWS.find((name) => !document.getElementById(name).hidden) ?? "live";
  for (const name of VIEWS) {
    document.getElementById(name).hidden = name !== view;
    const link = document.querySelector(`nav a[href="#${name}"]`);
    if (name === view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (view === "history") showHistory(current()?.runner);
  draw();
}

function choice(attribute, take) {
  const buttons = document.querySelectorAll(`[data-${attribute}]`);
  for (const button of buttons) {
    button.addEventListener("click", () => {
      take(button.dataset[attribute]);
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      draw();
    });
  }
}

choice("trend", (field) => (trend.field = field));
choice("span", (seconds) => {
  trend.spanSeconds = Number(seconds);
  if (!trend.spanSeconds) takeWhole(current());
});
document.getElementById("source").addEventListener("change", (event) => {
  chosen = event.target.value || null;
  draw();
});
addEventListener("hashchange", showView);
setInterval(draw, 1000);
joinGuided();
joinHistory();
showMeanings();
showView();
