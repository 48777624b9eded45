// What the page knows of one session: its strides by number (the last revision holds), gaps, repetitions and sets.
const RESTS_AFTER_MS = 10_000;

export class Session {
  strides = new Map();
  gaps = [];
  reps = [];
  sets = [];
  status = null; // of the sensor and its link
  activity = null;
  summary = null;
  last = { left: null, right: null };
  heardAt = null;
  #sorted = null;
  #toldAt = NaN; // wall time of the last record

  constructor(record) {
    this.name = record.session;
    this.runner = record.runner;
    this.sensor = record.sensor;
  }

  take(record) {
    if (record.type !== "sensor") this.#toldAt = Date.parse(record.time);
    if (record.type === "stride") this.#takeStride(record);
    else if (record.type === "gap") upsert(this.gaps, record);
    else if (record.type === "drill_rep") upsert(this.reps, record);
    else if (record.type === "drill_set") upsert(this.sets, record);
    else if (record.type === "sensor") this.status = record;
    else if (record.type === "activity") this.activity = record;
    else if (record.type === "summary") this.summary = record;
  }

  // Whether this session has ended, or has told nothing for a while, when another one's record comes.
  restsAt(record) {
    return Boolean(this.summary) || !(Date.parse(record.time) - this.#toldAt < RESTS_AFTER_MS);
  }

  #takeStride(stride) {
    const known = this.strides.get(stride.seq);
    if (known && known.revision > stride.revision) return;
    this.strides.set(stride.seq, stride);
    this.#sorted = null;
    if (known && known.side !== stride.side && this.last[known.side]?.seq === stride.seq)
      this.last[known.side] = this.strideList().findLast((one) => one.side === known.side) ?? null;
    const last = this.last[stride.side];
    if (!last || stride.initial_contact_s >= last.initial_contact_s || stride.seq === last.seq) {
      this.last[stride.side] = stride;
      this.heardAt = performance.now();
    }
  }

  strideList() {
    this.#sorted ??= [...this.strides.values()].sort((a, b) => a.initial_contact_s - b.initial_contact_s);
    return this.#sorted;
  }

  latest() {
    const { left, right } = this.last;
    if (!left || !right) return left ?? right;
    return left.initial_contact_s > right.initial_contact_s ? left : right;
  }
}

function upsert(list, record) {
  const place = list.findIndex((known) => known.seq === record.seq);
  if (place < 0) list.push(record);
  else list[place] = record;
}
