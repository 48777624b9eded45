// The numbers of a run: both sides large, then what goes with them.
import { ACTIVITY_NAMES, FLAG_NAMES, UNKNOWN, clock, mean, number, setText } from "./format.js";

const STALE_MS = 5000;
const RECENT = 20;
const LOW_QUALITY = 0.5;
const BALANCE_END_DEG = 5;

export function showLive(session) {
  for (const side of ["left", "right"]) showSide(side, session);
  showTiles(session);
  setText(document.getElementById("activity"), [session?.runner, activity(session)].filter(Boolean).join(" · "));
}

// Spans are told when they end; while strides come, they say what is going on.
function activity(session) {
  if (session?.summary) return "";
  if (!session?.strides.size && !session?.activity) return "Stand quietly for ten seconds, then run.";
  const running = session.heardAt !== null && performance.now() - session.heardAt < STALE_MS;
  const name = running ? session.latest()?.activity : session.activity?.activity;
  return ACTIVITY_NAMES[name] ?? name ?? "";
}

function showSide(side, session) {
  const card = document.getElementById(side);
  const stride = session?.last[side] ?? null;
  const age = session?.heardAt == null ? 0 : performance.now() - session.heardAt;
  const put = (name, text) => setText(card.querySelector(`[data-value=${name}]`), text);
  card.classList.toggle("empty", !stride);
  put("excursion", number(stride?.pelvic_drop_excursion_deg, 1));
  put("drop", number(stride?.pelvic_drop_deg, 1));
  put("mean", number(recentMean(side, session), 1));
  const trust = trustText(stride, age, session);
  put("trust", trust.text);
  card.querySelector("[data-value=trust]").classList.toggle("low", trust.low);
  card.classList.toggle("stale", Boolean(stride) && age > STALE_MS && !session.summary);
  if (stride && card.dataset.shown !== `${stride.seq}.${stride.revision}`) {
    card.dataset.shown = `${stride.seq}.${stride.revision}`;
    card.classList.remove("new");
    requestAnimationFrame(() => card.classList.add("new"));
  }
}

function trustText(stride, age, session) {
  if (!stride) return { text: "No stride yet", low: false };
  if (session.summary) return { text: "Session ended", low: false };
  if (age > STALE_MS) return { text: `Last stride ${clock(age / 1000)} ago`, low: true };
  const flags = stride.flags.map((flag) => FLAG_NAMES[flag] ?? flag);
  if (flags.length) return { text: `⚠ ${flags.join(", ")}`, low: true };
  if (stride.quality < LOW_QUALITY) return { text: "⚠ low quality", low: true };
  return { text: "✓ Trusted", low: false };
}

function recentMean(side, session) {
  const recent = session?.strideList().slice(-2 * RECENT).filter((stride) => stride.side === side) ?? [];
  return mean(recent.map((stride) => stride.pelvic_drop_excursion_deg));
}

function recentDifference(session) {
  const [left, right] = ["left", "right"].map((side) => recentMean(side, session));
  return left === null || right === null ? null : left - right;
}

// The more a side drops, the further its way the dot lies.
function showDifference(difference) {
  const size = difference === null ? UNKNOWN : number(Math.abs(difference), 1);
  const more = difference > 0 ? "left" : "right";
  put("difference", difference === null ? UNKNOWN : `${size}°`);
  put("worse", difference === null ? "" : size === "0.0" ? "both alike" : `more on the ${more}`);
  const balance = document.getElementById("balance");
  balance.hidden = difference === null;
  balance.style.setProperty("--place", Math.min(1, Math.max(0, 0.5 - difference / (2 * BALANCE_END_DEG))));
}

function put(tile, text) {
  setText(document.querySelector(`[data-tile=${tile}]`), text);
}

function showTiles(session) {
  const stride = session?.latest();
  showDifference(recentDifference(session));
  put("cadence", number(stride?.cadence_spm));
  put("contact", number(stride?.ground_contact_time_s, 0, 1000));
  put("oscillation", number(stride?.vertical_oscillation_m, 1, 100));
  put("quality", number(stride?.quality, 0, 100));
  document.getElementById("radio").hidden = !session?.status;
  put("loss", number(session?.status?.loss_share, 1, 100));
  put("battery", number(session?.status?.battery_percent));
  put("strides", session ? String(session.strides.size) : UNKNOWN);
  put("gaps", session ? String(session.gaps.length) : UNKNOWN);
}
