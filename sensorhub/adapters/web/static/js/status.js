// Connections and banners: what is gone, in words, told once and not every second.
import { setText } from "./format.js";

const PARTS = ["page", "sensor", "broker", "store"];
const NAMES = { page: "Page", sensor: "Sensor", broker: "Broker", store: "Store" };
const WORDS = { ok: "connected", waiting: "waiting", lost: "lost" };

export class Status {
  #links = new Map([["page", { health: "waiting", detail: "Connecting to the service." }]]);

  set(part, health, detail) {
    const known = this.#links.get(part);
    if (known && known.health === health && known.detail === detail) return;
    this.#links.set(part, { health, detail });
    this.#draw();
  }

  connection(connected) {
    if (connected) this.set("page", "ok", "");
    else this.set("page", "lost", "The service does not answer. What is shown is old; it comes back by itself.");
  }

  #draw() {
    const present = PARTS.filter((part) => this.#links.has(part));
    document.getElementById("links").replaceChildren(...present.map((part) => this.#chip(part)));
    const banners = present.filter((part) => this.#links.get(part).health !== "ok").map((part) => this.#banner(part));
    document.getElementById("banners").replaceChildren(...banners);
  }

  #chip(part) {
    const { health } = this.#links.get(part);
    const item = document.createElement("li");
    item.className = health;
    setText(item, `${NAMES[part]} ${WORDS[health] ?? health}`);
    return item;
  }

  #banner(part) {
    const { health, detail } = this.#links.get(part);
    const line = document.createElement("p");
    line.className = health;
    setText(line, `${NAMES[part]}: ${detail || WORDS[health]}`);
    return line;
  }
}
