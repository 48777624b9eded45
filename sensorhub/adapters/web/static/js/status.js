// Connections and banners: what is gone, in words, told once and not every second.
import { setText } from "./format.js";

const ORDER = ["page", "sensor", "broker", "store"];
const WORDS = { ok: "connected", waiting: "waiting", lost: "lost" };
const list = new Intl.ListFormat("en-GB");

export class Status {
  #links = new Map();

  constructor() {
    this.set({ part: "page", health: "waiting", detail: "Connecting to the service." });
  }

  // link: { part, health, detail, name? }; the name tells several sensors apart.
  set(link) {
    const key = `${link.part} ${link.name ?? ""}`;
    const known = this.#links.get(key);
    if (known && known.health === link.health && known.detail === link.detail) return;
    this.#links.set(key, link);
    this.#draw();
  }

  connection(connected) {
    const detail = connected ? "" : "The service does not answer. What is shown is old; it comes back by itself.";
    this.set({ part: "page", health: connected ? "ok" : "lost", detail });
  }

  #draw() {
    const known = [...this.#links.values()].sort((a, b) => ORDER.indexOf(a.part) - ORDER.indexOf(b.part));
    const [page] = known;
    const links = page.health === "ok" ? known.slice(1) : [page]; // of the others nothing is known without it
    const troubles = links.filter((link) => link.health !== "ok");
    const chips = Object.keys(WORDS).map((health) => chip(health, links.filter((link) => link.health === health)));
    document.getElementById("links").replaceChildren(...chips.filter(Boolean));
    document.getElementById("banners").replaceChildren(...troubles.map(banner));
  }
}

// One line for all that fare alike, so that a phone has room for the numbers.
function chip(health, links) {
  if (!links.length) return null;
  const item = document.createElement("li");
  item.className = health;
  const parts = links.map(({ part, name }) => [part, name].filter(Boolean).join(" "));
  setText(item, capital(`${list.format(parts)} ${WORDS[health]}`));
  return item;
}

function banner({ part, health, detail }) {
  const line = document.createElement("p");
  line.className = part === "broker" ? "quiet" : health; // nothing on this page waits for the broker
  setText(line, capital(`${part}: ${detail || WORDS[health]}`));
  return line;
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}
