// The service's stream: reconnects by itself and resumes after the last record it saw.
const BEAT_LATE_MS = 6000;
const RETRY_MS = 1000;

// A stream that was refused may want a login: the browser does not say why it was refused.
async function askForLogin() {
  const answer = await fetch("/api/about").catch(() => null);
  if (answer?.status === 401) location.assign("/login");
}

export class Stream {
  #source = null;
  #lastId = null;
  #heardAt = performance.now();
  #handlers;

  // handlers: { record(object), state(object), reset(), connection(connected) }
  constructor(handlers) {
    this.#handlers = handlers;
    this.#open();
    setInterval(() => this.#watch(), 1000);
  }

  #open() {
    const source = new EventSource(this.#lastId === null ? "/events" : `/events?after=${this.#lastId}`);
    this.#source = source;
    source.addEventListener("record", (event) => {
      this.#lastId = event.lastEventId;
      this.#heard();
      this.#handlers.record(JSON.parse(event.data));
    });
    source.addEventListener("state", (event) => {
      this.#heard();
      this.#handlers.state(JSON.parse(event.data));
    });
    source.addEventListener("reset", () => this.#handlers.reset());
    source.addEventListener("beat", () => this.#heard());
    source.addEventListener("open", () => this.#heard());
    source.addEventListener("error", () => this.#handlers.connection(false));
  }

  #heard() {
    this.#heardAt = performance.now();
    this.#handlers.connection(true);
  }

  // A browser gives up on an answer like 503 and cannot see a connection that died silently: open anew for both.
  #watch() {
    const late = performance.now() - this.#heardAt;
    if (late > BEAT_LATE_MS) this.#handlers.connection(false);
    if (this.#source.readyState === EventSource.CLOSED || late > 2 * BEAT_LATE_MS) {
      this.#source.close();
      askForLogin();
      this.#heardAt = performance.now() - RETRY_MS - BEAT_LATE_MS;
      this.#open();
    }
  }
}
