// Attacks on the chosen image: what to run, how far it is, what came of it.

import { html, nothing } from "./lit-html.js";
import * as api from "./api.js";
import { authorised, attempt, say, state, update } from "./state.js";
import { percent, png } from "./parts.js";

const SCENARIOS = {
  1: "RaCNN itself (Scenario 1)",
  "2a": "its surrogate, then shown to RaCNN (2 a)",
  "2b": "RaCNN by the surrogate's gradients (2 b)",
  baseline: "the baseline, then shown to RaCNN",
};
const POLL = 250;
const NORMS = { linf: "L∞", l2: "L2", l1: "L1" };
// In 1/255 for linf; tenths for l2; whole for l1.
const SCALES = { linf: 255, l2: 10, l1: 1 };

const kind = () => state.kinds.find((one) => `${one.profile} ${one.name}` === state.order.attack);

const norm = () => (kind().norms.includes(state.order.norm) ? state.order.norm : (kind().norms[0] ?? null));

const epsilon = () => state.order.epsilon / SCALES[norm()];

const change = (patch) => update({ order: { ...state.order, ...patch } });

const isRunning = () => ["waiting", "running"].includes(state.job?.state);

async function follow(image) {
  while (isRunning()) {
    await new Promise((resolve) => setTimeout(resolve, POLL));
    const job = await api.attackState(state.job.id);
    if (state.image !== image || !state.job) {
      return;
    }
    update({ job });
  }
  if (state.job.result) {
    update({ shown: state.job.result.after ? "after" : "before" });
    say(outcome(state.job.result));
    document.getElementById("answers").scrollIntoView({ block: "start" });
  }
}

function begin(event) {
  event.preventDefault();
  const { image } = state;
  const [profile, attack] = state.order.attack.split(" ");
  authorised(async () => {
    const order = {
      attack,
      profile,
      scenario: state.order.scenario,
      k: state.k,
      label: image.truth,
      norm: profile === "paper" ? null : norm(),
      epsilon: kind().needsBudget ? epsilon() : null,
    };
    update({ job: await api.beginAttack(image.file, order), shown: "before" });
    await follow(image);
  });
}

function outcome(result) {
  if (result.wrongBefore) {
    return "Nothing to attack: the original is taken for another class already.";
  }
  if (!result.success) {
    return `Withstood: ${result.queries} queries found no image within the limits.`;
  }
  const whom = { 1: "RaCNN", "2a": "the surrogate", "2b": "RaCNN", baseline: "the baseline" }[result.scenario];
  return `Found an image that fools ${whom}, after ${result.queries} queries.`;
}

const progress = () => html`
  <div class="progress" role="group" aria-label="Attack in progress">
    <p>${state.job.state === "waiting" ? "Waiting for other attacks…" : `Attacking… ${percent(state.job.progress)}`}</p>
    <progress max="1" .value=${state.job.progress} aria-label="Progress of the attack"></progress>
    <button type="button" class="quiet" @click=${() => attempt(() => api.cancelAttack(state.job.id))}>Stop</button>
  </div>`;

export const attackOutcome = (result) => html`
  <section class="outcome ${result.success ? "fooled" : "held"}" aria-label="Outcome of the attack">
    <div>
      <h2>${outcome(result)}</h2>
      ${result.after
        ? html`
            <p class="note">
              Largest change of a pixel ${(result.distance.linf * 255).toFixed(2)} of 255, L2 ${result.distance.l2.toFixed(3)}
            </p>`
        : nothing}
    </div>
    ${result.after
      ? html`
          <div class="triptych">
            <figure><img src=${png(result.before.image)} alt="Original"><figcaption>original</figcaption></figure>
            <figure>
              <img src=${png(result.after.perturbation)} alt="Perturbation, magnified">
              <figcaption>change × ${result.after.magnification.toFixed(0)}</figcaption>
            </figure>
            <figure><img src=${png(result.after.image)} alt="Attacked image"><figcaption>attacked</figcaption></figure>
          </div>`
      : nothing}
  </section>`;

function budget() {
  const measured = norm();
  if (!kind().needsBudget) {
    return html`<p class="note">Looks for the nearest image that fools; it needs no limit.</p>`;
  }
  const most = { linf: 32, l2: 40, l1: 60 }[measured];
  const shown = measured === "linf" ? `${state.order.epsilon}/255` : epsilon().toFixed(1);
  return html`
    <div class="field">
      <label for="epsilon">Strength, at most <output for="epsilon">${NORMS[measured]} ${shown}</output></label>
      <input id="epsilon" type="range" min="1" max=${most} .value=${String(state.order.epsilon)}
        @input=${(event) => change({ epsilon: Number(event.target.value) })}>
    </div>`;
}

const group = (profile, title) => html`
  <optgroup label=${title}>
    ${state.kinds
      .filter((one) => one.profile === profile)
      .map((one) => {
        const value = `${one.profile} ${one.name}`;
        return html`<option value=${value} ?selected=${value === state.order.attack}>${one.title}</option>`;
      })}
  </optgroup>`;

export function attackPanel() {
  if (!kind()) {
    return nothing;
  }
  const scenarios = Object.entries(SCENARIOS).filter(([name]) => name !== "baseline" || state.model.baseline);
  return html`
    <section class="card attack" aria-labelledby="attack-title">
      <h2 id="attack-title">Attack it</h2>
      <form @submit=${begin}>
        <div class="field">
          <label for="method">Method</label>
          <select id="method" @change=${(event) => change({ attack: event.target.value, epsilon: 8 })}>
            ${group("modern", "Modern")} ${group("paper", "As in the paper")}
          </select>
        </div>
        ${kind().profile === "modern" && kind().norms.length > 1
          ? html`
              <div class="field">
                <label for="norm">Measured by</label>
                <select id="norm" @change=${(event) => change({ norm: event.target.value, epsilon: 8 })}>
                  ${kind().norms.map((one) => html`<option value=${one} ?selected=${one === norm()}>${NORMS[one]}</option>`)}
                </select>
              </div>`
          : nothing}
        ${budget()}
        <div class="field">
          <label for="scenario">Aimed at</label>
          <select id="scenario" @change=${(event) => change({ scenario: event.target.value })}>
            ${scenarios.map(([name, title]) => html`<option value=${name} ?selected=${name === state.order.scenario}>${title}</option>`)}
          </select>
        </div>
        ${isRunning() ? progress() : html`<button type="submit" class="primary">Run the attack</button>`}
      </form>
      ${state.job?.state === "failed" ? html`<p class="alert" role="alert">${state.job.failure}</p>` : nothing}
      ${state.job?.state === "cancelled" ? html`<p class="note">Stopped.</p>` : nothing}
    </section>`;
}
