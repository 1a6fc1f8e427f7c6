// Small pieces that several views show.

import { html, nothing } from "./lit-html.js";

export const percent = (share) => {
  const value = share * 100;
  return value > 0 && value < 0.1 ? "<0.1 %" : `${value.toFixed(value >= 99.95 || value === 0 ? 0 : 1)} %`;
};

export const png = (base64) => `data:image/png;base64,${base64}`;

// Widths as attributes of SVG: the page allows itself no inline styles.
export const bar = (share, kind = "") => html`
  <svg class="bar ${kind}" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
    <rect class="track" width="100" height="4" rx="2"></rect>
    <rect class="fill" width=${Math.max(0, Math.min(100, share * 100))} height="4" rx="2"></rect>
  </svg>`;

export const classOptions = (classes, chosen, first = null) => html`
  ${first === null ? nothing : html`<option value="" ?selected=${chosen === ""}>${first}</option>`}
  ${classes.map((name) => html`<option value=${name} ?selected=${name === chosen}>${name}</option>`)}`;

const best = (probabilities, count) =>
  Object.entries(probabilities)
    .sort(([, a], [, b]) => b - a)
    .slice(0, count);

export function verdict({ title, note, label, abstained, probabilities, truth, was }) {
  const top = best(probabilities, 4);
  const judged = truth && !abstained ? (label === truth ? "right" : "wrong") : "";
  return html`
    <section class="card verdict ${judged}" aria-label=${title}>
      <header>
        <h3>${title}</h3>
        <p class="note">${note}</p>
      </header>
      <p class="label">
        <strong>${abstained ? "no label" : label}</strong>
        ${judged ? html`<span class="badge ${judged}">${judged === "right" ? "✓ right" : "✗ wrong"}</span>` : nothing}
        ${was && was !== label ? html`<span class="badge changed">was ${was}</span>` : nothing}
      </p>
      <ul class="probabilities">
        ${top.map(
          ([name, probability]) => html`
            <li><span>${name}</span>${bar(probability)}<span class="number">${percent(probability)}</span></li>`,
        )}
      </ul>
    </section>`;
}

export function evidence({ percentile, agreement }) {
  const far = percentile >= 99 ? "far" : percentile >= 90 ? "edge" : "near";
  const words = {
    near: "as close to its neighbours as candidates are to theirs",
    edge: "farther from its neighbours than most candidates from theirs",
    far: "farther from its neighbours than almost every candidate from its own",
  };
  return html`
    <section class="card evidence" aria-label="Evidence">
      <div>
        <h3>Distance to the candidate set</h3>
        <p class="figure ${far}">${percentile.toFixed(1)}<small>percentile</small></p>
        ${bar(percentile / 100, far)}
        <p class="note">${words[far]}</p>
      </div>
      <div>
        <h3>Agreement of the neighbours</h3>
        <p class="figure">${percent(agreement)}</p>
        ${bar(agreement)}
        <p class="note">attention weight of the neighbours that have the label of the answer</p>
      </div>
    </section>`;
}

export function neighbours(list, label, truth) {
  const largest = Math.max(...list.map((one) => one.weight));
  return html`
    <ol class="neighbours">
      ${list.map(
        (one) => html`
          <li class=${one.label === (truth ?? label) ? "agrees" : "differs"}>
            <img src=${png(one.thumbnail)} alt="" width="32" height="32">
            <p class="name">${one.label}</p>
            ${bar(one.weight / largest)}
            <dl>
              <div><dt>weight</dt><dd>${percent(one.weight)}</dd></div>
              <div><dt>distance</dt><dd>${one.distance.toFixed(2)}</dd></div>
            </dl>
            <p class="id">candidate ${one.id}</p>
          </li>`,
      )}
    </ol>`;
}
