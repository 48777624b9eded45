// Labels and explanations from the service's catalogue of metrics, so that the page and the dashboards say the same.
export async function showMeanings() {
  const answer = await fetch("/api/about");
  if (!answer.ok) return;
  const { login, metrics } = await answer.json();
  document.getElementById("logout").hidden = !login;
  const list = document.getElementById("meanings");
  const explained = new Set();
  for (const element of document.querySelectorAll("[data-label]")) {
    const metric = metrics[element.dataset.label];
    if (!metric) continue;
    element.textContent = metric.label;
    if (explained.has(metric.label)) continue;
    explained.add(metric.label);
    list.append(made("dt", metric.label), made("dd", metric.meaning));
  }
}

function made(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}
