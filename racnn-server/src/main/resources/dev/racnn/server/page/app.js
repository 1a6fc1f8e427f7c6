// Puts the page together: the bar on top, the view of the address, the dialog for the token.

import { html, nothing, render } from "./lit-html.js";
import * as api from "./api.js";
import { attempt, choose, fail, loadCandidates, onChange, state, update } from "./state.js";
import { classifyView } from "./classify.js";
import { candidatesView } from "./candidates.js";
import { reportView } from "./report.js";

const VIEWS = { classify: ["Classify", classifyView], candidates: ["Candidates", candidatesView], report: ["Report", reportView] };

function takeToken() {
  const given = location.hash.match(/^#token=(.+)$/);
  if (given) {
    api.setToken(decodeURIComponent(given[1]));
    // It must not stay in the address, which is copied and kept.
    history.replaceState(null, "", location.pathname);
  }
}

function readAddress() {
  const name = location.hash.slice(1);
  if (name === "main") {
    return;
  }
  update({ route: name in VIEWS ? name : "classify" });
  if (state.route === "candidates") {
    attempt(() => loadCandidates());
  }
}

const bar = () => html`
  <a class="brand" href="#classify"><img src="app/icon.svg" alt="" width="28" height="28">RaCNN</a>
  <nav aria-label="Views">
    ${Object.entries(VIEWS).map(
      ([name, [title]]) => html`<a href="#${name}" aria-current=${state.route === name ? "page" : nothing}>${title}</a>`,
    )}
  </nav>
  <p class="facts-line">
    ${state.model ? html`${state.model.index.candidates.toLocaleString("en")} candidates · K = ${state.model.neighbours} · ${state.model.precision}` : nothing}
  </p>
  <button type="button" class="quiet lock" @click=${() => (api.hasToken() ? (api.setToken(""), update({ changes: null })) : update({ unlocking: true }))}>
    ${api.hasToken() ? "Lock" : "Unlock"}
  </button>`;

function unlock(event) {
  event.preventDefault();
  const given = new FormData(event.target).get("token");
  attempt(async () => {
    api.setToken(given);
    update({ changes: await api.changes(), unlocking: false });
  });
}

const dialog = () =>
  state.unlocking
    ? html`
        <dialog class="card" aria-labelledby="unlock-title" @close=${() => update({ unlocking: false })}>
          <form @submit=${unlock}>
            <h2 id="unlock-title">Unlock</h2>
            <p class="note">Attacks and changes of the candidate set need the token that the service printed when it was started.</p>
            <div class="field">
              <label for="token">Token</label>
              <input id="token" name="token" type="password" required autocomplete="off" autofocus>
            </div>
            ${state.failure ? html`<p class="alert" role="alert">${state.failure}</p>` : nothing}
            <p class="row">
              <button type="button" class="quiet" @click=${() => update({ unlocking: false, failure: "" })}>Cancel</button>
              <button type="submit" class="primary">Unlock</button>
            </p>
          </form>
        </dialog>`
    : nothing;

function draw() {
  render(bar(), document.getElementById("top"));
  const failure = state.failure && !state.unlocking ? html`<p class="alert" role="alert">${state.failure}</p>` : nothing;
  render(html`${failure}${state.model ? VIEWS[state.route][1]() : nothing}`, document.getElementById("main"));
  render(dialog(), document.getElementById("dialogs"));
  if (state.model && performance.getEntriesByName("usable").length === 0) {
    performance.mark("usable");
  }
  const shown = document.querySelector("dialog");
  if (shown && !shown.open) {
    shown.showModal();
  }
}

function watchDrops() {
  const stop = (event) => event.preventDefault();
  document.addEventListener("dragover", (event) => {
    stop(event);
    document.body.classList.add("dragging");
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget === null && document.body.classList.remove("dragging"));
  document.addEventListener("drop", (event) => {
    stop(event);
    document.body.classList.remove("dragging");
    take(event.dataTransfer.files);
  });
  document.addEventListener("paste", (event) => take(event.clipboardData.files));
}

function take(files) {
  if (files.length > 0 && state.model) {
    location.hash = "classify";
    choose(files[0]);
  }
}

async function start() {
  takeToken();
  onChange(draw);
  watchDrops();
  addEventListener("hashchange", readAddress);
  try {
    // Shown when all of it is there, so that nothing moves once it is seen.
    const [examples, kinds, model] = await Promise.all([api.examples(), api.attackKinds(), api.model()]);
    update({ examples, kinds, model, k: model.neighbours });
    readAddress();
  } catch (error) {
    fail(error);
  }
}

start();
