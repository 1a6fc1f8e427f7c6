// One image: what it is taken for, and why.

import { html, nothing } from "./lit-html.js";
import * as api from "./api.js";
import { attempt, authorised, candidatesChanged, choose, classify, say, state, update } from "./state.js";
import { classOptions, evidence, neighbours, png, verdict } from "./parts.js";
import { attackOutcome, attackPanel } from "./attack.js";

let waiting = 0;

function changeK(event) {
  update({ k: Number(event.target.value), job: null, shown: "before" });
  clearTimeout(waiting);
  waiting = setTimeout(classify, 120);
}

async function chooseExample(example) {
  await attempt(async () => {
    const response = await fetch(`v1/examples/${example.id}/image`);
    const file = new File([await response.blob()], `${example.label}.png`, { type: "image/png" });
    await choose(file, example.label);
  });
}

function addToCandidates(event) {
  event.preventDefault();
  const label = new FormData(event.target).get("label");
  authorised(async () => {
    const added = await api.addCandidate(state.image.file, label, "page");
    say(`Added as candidate ${added.candidates[0].id}, a ${label}.`);
    await candidatesChanged();
  });
}

const input = () => html`
  <section class="card input" aria-labelledby="input-title">
    <h2 id="input-title">Image</h2>
    <label class="drop ${state.image ? "filled" : ""}">
      <input type="file" accept="image/png,image/jpeg" class="hidden-text"
        @change=${(event) => event.target.files[0] && choose(event.target.files[0])}>
      ${state.image
        ? html`<img src=${state.image.url} alt="The image to classify" class="subject">`
        : html`<span class="plus" aria-hidden="true">+</span>`}
      <span class="hint"><b>Choose an image</b>, drop or paste one<br>PNG or JPEG, any size</span>
    </label>
    ${state.examples.length
      ? html`
          <h3 id="examples-title">Or one that the model has never seen</h3>
          <ul class="examples ${state.image ? "strip" : ""}" aria-labelledby="examples-title">
            ${state.examples.map(
              (one) => html`
                <li>
                  <button type="button" title=${one.label} aria-label="Classify an example of ${one.label}"
                    @click=${() => chooseExample(one)}>
                    <img src="v1/examples/${one.id}/image" alt="" width="32" height="32">
                  </button>
                </li>`,
            )}
          </ul>`
      : nothing}
    <div class="field">
      <label for="k">Neighbours <output for="k">${state.k}</output></label>
      <input id="k" type="range" min="1" max=${Math.min(state.model.largestK, state.model.index.candidates)} .value=${String(state.k)} @input=${changeK}>
    </div>
    ${state.image
      ? html`
          <form class="field row" @submit=${addToCandidates}>
            <div>
              <label for="own-label">Make it a candidate</label>
              <select id="own-label" name="label">
                ${classOptions(state.model.classes, state.image.truth ?? state.result?.label)}
              </select>
            </div>
            <button type="submit" class="quiet">Add</button>
          </form>`
      : nothing}
  </section>`;

const welcome = () => html`
  <section class="welcome">
    <h1>See why.</h1>
    <p>
      RaCNN looks up images that resemble yours before it answers, and answers from what it finds. That makes it harder
      to fool, and lets you see what every answer rests on.
    </p>
    <ol>
      <li><b>Choose an image</b> and compare RaCNN with the network it improves on.</li>
      <li><b>Look at the neighbours</b> that decided, and how much each of them weighs.</li>
      <li><b>Attack it</b> and watch which of the two gives way.</li>
    </ol>
  </section>`;

function answers() {
  const attacked = state.shown === "after" ? state.job?.result?.after : null;
  const result = attacked?.answer ?? state.result;
  const before = attacked ? state.job.result.before.answer : null;
  const truth = state.image.truth;
  return html`
    <h1 class="hidden-text">Classify</h1>
    ${state.job?.result ? attackOutcome(state.job.result) : nothing}
    ${state.job?.result?.after
      ? html`
          <div class="switch" role="group" aria-label="Which image is shown">
            ${["before", "after"].map(
              (which) => html`
                <button type="button" aria-pressed=${state.shown === which} @click=${() => update({ shown: which })}>
                  <img src=${png(state.job.result[which].image)} alt="" width="32" height="32">
                  ${which === "before" ? "Original" : "Attacked"}
                </button>`,
            )}
          </div>`
      : nothing}
    <div class="verdicts">
      ${verdict({ ...result, title: "RaCNN", note: `answers from ${result.neighbours.length} neighbours`, truth, was: before?.label })}
      ${result.baseline
        ? verdict({ ...result.baseline, title: "Baseline", note: "the same kind of network, alone", truth, was: before?.baseline.label })
        : nothing}
    </div>
    ${evidence(result.evidence)}
    <section class="card" aria-labelledby="neighbours-title">
      <h2 id="neighbours-title">Neighbours <small>nearest first</small></h2>
      ${neighbours(result.neighbours, result.label, truth)}
    </section>`;
}

export const classifyView = () => html`
  <div class="split">
    <div class="side">${input()} ${state.image && state.result ? attackPanel() : nothing}</div>
    <div class="content" id="answers" aria-busy=${state.busy}>
      ${state.image && state.result
        ? answers()
        : state.image
          ? html`<h1 class="hidden-text">Classify</h1><div class="card waiting">Looking it up…</div>`
          : welcome()}
    </div>
  </div>`;
