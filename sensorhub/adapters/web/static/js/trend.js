// Drop of both sides over the session by uPlot: left solid with full dots, right dashed with open dots, gaps shaded.
import { clock, mean, number, setText } from "./format.js";

const MANY = 1500; // strides that take a phone some time to draw: once a second is enough
const RESTED_MS = 900;
const FIELDS = { excursion: "pelvic_drop_excursion_deg", drop: "pelvic_drop_deg" };

export class Trend {
  field = "excursion";
  spanSeconds = 300;
  #plot = null;
  #session = null;
  #drawnAt = 0;

  constructor(element, text) {
    this.element = element;
    this.text = text;
    new ResizeObserver(() => this.#resize()).observe(element);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#rebuild());
  }

  show(session) {
    this.#session = session;
    const strides = this.#shown(session);
    this.element.hidden = !strides.length;
    if (!strides.length) return setText(this.text, "No strides yet.");
    if (strides.length > MANY && performance.now() - this.#drawnAt < RESTED_MS) return;
    this.#drawnAt = performance.now();
    if (!this.#plot) this.#rebuild();
    this.#plot.setData(columns(strides, session?.gaps ?? [], FIELDS[this.field]));
    setText(this.text, describe(strides, FIELDS[this.field], session?.gaps.length ?? 0));
  }

  #shown(session) {
    const strides = session?.strideList() ?? [];
    if (!this.spanSeconds || !strides.length) return strides;
    const from = strides.at(-1).initial_contact_s - this.spanSeconds;
    return strides.filter((stride) => stride.initial_contact_s >= from);
  }

  #resize() {
    if (this.#plot && this.element.clientWidth) {
      this.#plot.setSize({ width: this.element.clientWidth, height: this.element.clientHeight });
    }
  }

  #rebuild() {
    const data = this.#plot?.data ?? [[], [], []];
    this.#plot?.destroy();
    this.#plot = new uPlot(options(this.element, () => this.#session?.gaps ?? []), data, this.element);
  }
}

export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

export function axis(label) {
  return { label, labelSize: 20, size: 40, stroke: colour("soft"), grid: { stroke: colour("line"), width: 1 }, ticks: { stroke: colour("line") } };
}

function options(element, gaps) {
  const line = (label, name, extra) => ({ label, stroke: colour(name), width: 2, ...extra });
  return {
    width: element.clientWidth || 300,
    height: element.clientHeight || 250,
    padding: [8, 32, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false }, y: { range: (_plot, low, high) => [Math.min(0, low ?? 0), Math.max(8, high ?? 8)] } },
    axes: [{ ...axis(), values: (_plot, ticks) => ticks.map(clock) }, axis("degrees")],
    series: [
      {},
      line("Left", "left", { points: { show: true, size: 6, fill: colour("left") } }),
      line("Right", "right", { dash: [6, 4], points: { show: true, size: 6, fill: colour("panel") } }),
    ],
    hooks: { drawClear: [(plot) => shadeGaps(plot, gaps())], draw: [nameLines] },
  };
}

function shadeGaps(plot, gaps) {
  const { ctx, bbox } = plot;
  ctx.save();
  for (const gap of gaps) {
    const from = Math.max(bbox.left, plot.valToPos(gap.start_s, "x", true));
    const to = Math.min(bbox.left + bbox.width, plot.valToPos(gap.end_s, "x", true));
    if (!(to >= from)) continue;
    ctx.fillStyle = colour("gap");
    ctx.fillRect(from, bbox.top, Math.max(2, to - from), bbox.height);
    ctx.fillStyle = colour("soft");
    ctx.font = `${12 * devicePixelRatio}px system-ui`;
    ctx.textAlign = "left";
    ctx.fillText("gap", from + 2, bbox.top + 14 * devicePixelRatio);
  }
  ctx.restore();
}

function nameLines(plot) {
  const { ctx } = plot;
  ctx.save();
  ctx.font = `bold ${14 * devicePixelRatio}px system-ui`;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  const right = plot.bbox.left + plot.bbox.width;
  for (const [row, name, letter, shift] of [[1, "left", "L", 4], [2, "right", "R", 16]]) {
    const value = plot.data[row].findLast((known) => known != null);
    if (value == null) continue;
    ctx.fillStyle = colour(name);
    ctx.fillText(letter, right + shift * devicePixelRatio, plot.valToPos(value, "y", true));
  }
  ctx.restore();
}

// To uPlot undefined is "not of this series" and is drawn over, null breaks the line: unknown values and gaps do.
function columns(strides, gaps, field) {
  const first = strides[0]?.initial_contact_s ?? Infinity;
  const points = strides.map((stride) => ({ at: stride.initial_contact_s, [stride.side]: stride[field] ?? null }));
  for (const gap of gaps) if (gap.start_s > first) points.push({ at: gap.start_s, left: null, right: null });
  points.sort((a, b) => a.at - b.at);
  return [points.map((point) => point.at), points.map((point) => point.left), points.map((point) => point.right)];
}

function describe(strides, field, gaps) {
  const of = (side) => number(mean(strides.filter((stride) => stride.side === side).map((stride) => stride[field])), 1);
  const holes = gaps ? ` Gaps: ${gaps}.` : "";
  return `Left (solid, full dots) mean ${of("left")}°, right (dashed, open dots) mean ${of("right")}°, ${strides.length} strides shown.${holes}`;
}
