// The numbers of a run: both sides large, then what goes with them.
import { ACTIVITY_NAMES, FLAG_NAMES, UNKNOWN, clock, mean, number, setText } from "./format.js";

const STALE_MS = 5000;
const RECENT = 20;
const LOW_QUALITY = 0.5;

export function showLive(session) {
  for (const side of ["left", "right"]) showSide(side, session);
  showTiles(session);
  setText(document.getElementById("activity"), [session?.runner, activity(session)].filter(Boolean).join(" · "));
}

// Spans are told when they end; while strides come, they say what is going on.
function activity(session) {
  if (!session || session.summary) return "";
  const running = session.heardAt !== null && performance.now() - session.heardAt < STALE_MS;
  const name = running ? session.latest()?.activity : session.activity?.activity;
  return ACTIVITY_NAMES[name] ?? name ?? "";
}

function showSide(side, session) {
  const card = document.getElementById(side);
  const stride = session?.last[side] ?? null;
  const age = session?.heardAt == null ? 0 : performance.now() - session.heardAt;
  const put = (name, text) => setText(card.querySelector(`[data-value=${name}]`), text);
  put("excursion", number(stride?.pelvic_drop_excursion_deg, 1));
  put("drop", number(stride?.pelvic_drop_deg, 1));
  put("mean", recentMean(side, session));
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
  return { text: `Quality ${number(stride.quality, 0, 100)} %`, low: false };
}

function recentMean(side, session) {
  if (!session) return UNKNOWN;
  const recent = session.strideList().slice(-2 * RECENT).filter((stride) => stride.side === side).slice(-RECENT);
  const value = mean(recent.map((stride) => stride.pelvic_drop_excursion_deg));
  return value === null ? UNKNOWN : `${number(value, 1)}°`;
}

function showTiles(session) {
  const stride = session?.latest();
  const put = (name, text) => setText(document.querySelector(`[data-tile=${name}]`), text);
  put("cadence", number(stride?.cadence_spm));
  put("contact", number(stride?.ground_contact_time_s, 0, 1000));
  put("oscillation", number(stride?.vertical_oscillation_m, 1, 100));
  put("quality", number(stride?.quality, 0, 100));
  put("loss", number(session?.status?.loss_share, 1, 100));
  put("battery", number(session?.status?.battery_percent));
  put("strides", session ? String(session.strides.size) : UNKNOWN);
  put("gaps", session ? String(session.gaps.length) : UNKNOWN);
}
