// The candidate set: what answers rest on, shown and changed.

import { html, nothing } from "./lit-html.js";
import * as api from "./api.js";
import { attempt, authorised, candidatesChanged, loadCandidates, say, state, update } from "./state.js";
import { bar, classOptions } from "./parts.js";

const change = (work, done) =>
  authorised(async () => {
    await work();
    say(done);
    await candidatesChanged();
  });

function add(event) {
  event.preventDefault();
  const form = event.target;
  const values = new FormData(form);
  change(async () => {
    await api.addCandidate(values.get("file"), values.get("label"), values.get("tag"));
    form.reset();
  }, "Added.");
}

function filter(event) {
  update({ filter: event.target.value });
  attempt(() => loadCandidates());
}

const adding = () => html`
  <section class="card" aria-labelledby="add-title">
    <h2 id="add-title">Add an image</h2>
    <form @submit=${add}>
      <div class="field">
        <label for="file">Image</label>
        <input id="file" name="file" type="file" accept="image/png,image/jpeg" required>
      </div>
      <div class="field">
        <label for="new-label">Class</label>
        <select id="new-label" name="label">${classOptions(state.model.classes, "")}</select>
      </div>
      <div class="field">
        <label for="tag">Tag <small>optional</small></label>
        <input id="tag" name="tag" maxlength="100" autocomplete="off">
      </div>
      <button type="submit" class="primary">Add to the candidates</button>
    </form>
  </section>`;

function facts() {
  const { index } = state.model;
  const largest = Math.max(...index.perClass);
  return html`
    <section class="card" aria-labelledby="facts-title">
      <h2 id="facts-title">${index.candidates.toLocaleString("en")} candidates</h2>
      <ul class="probabilities">
        ${state.model.classes.map(
          (name, label) => html`
            <li><span>${name}</span>${bar(index.perClass[label] / largest)}<span class="number">${index.perClass[label]}</span></li>`,
        )}
      </ul>
      <p class="note">Searched by ${index.engine}; ${index.added} added and ${index.hidden} hidden since generation ${index.generation}.</p>
    </section>`;
}

const tile = (one) => html`
  <li>
    <img src="v1/candidates/${one.id}/image" alt="" width="32" height="32" loading="lazy">
    <p class="id">${one.id}${one.tags.length ? html` <span class="tag">${one.tags.join(", ")}</span>` : nothing}</p>
    <select aria-label="Class of candidate ${one.id}"
      @change=${(event) => change(() => api.relabelCandidate(one.id, event.target.value), `Candidate ${one.id} is now a ${event.target.value}.`)}>
      ${classOptions(state.model.classes, one.label)}
    </select>
    <button type="button" class="quiet danger" aria-label="Remove candidate ${one.id}, a ${one.label}"
      @click=${() => change(() => api.removeCandidate(one.id), `Candidate ${one.id} is removed.`)}>Remove</button>
  </li>`;

const history = () => html`
  <section class="card" aria-labelledby="history-title">
    <h2 id="history-title">Last changes</h2>
    ${state.changes === null
      ? html`<p class="note">Shown to those who have the token.</p>`
      : state.changes.length === 0
        ? html`<p class="note">Nothing was changed yet.</p>`
        : html`
            <ul class="history">
              ${state.changes
                .filter((one) => one.state !== "begun")
                .map(
                  (one) => html`
                    <li>
                      <b>${one.action} ${one.ids.join(", ")}</b> ${one.was ?? ""} ${one.label ? `→ ${one.label}` : ""}
                      ${one.state === "failed" ? html`<span class="badge wrong">failed</span>` : nothing}
                      <small><time datetime=${one.time}>${new Date(one.time).toLocaleString("en-GB")}</time> from ${one.client}</small>
                    </li>`,
                )}
            </ul>`}
  </section>`;

export function candidatesView() {
  const { page } = state;
  return html`
    <h1 class="hidden-text">Candidates</h1>
    <div class="split">
      <div class="side">${adding()} ${facts()} ${history()}</div>
      <section class="card content" aria-labelledby="list-title">
        <div class="heading">
          <h2 id="list-title">Candidate set <small>latest first</small></h2>
          <div>
            <label for="filter" class="hidden-text">Only of class</label>
            <select id="filter" @change=${filter}>${classOptions(state.model.classes, state.filter, "all classes")}</select>
          </div>
        </div>
        ${page
          ? html`
              <ul class="tiles">${page.candidates.map(tile)}</ul>
              <p class="more">
                <span class="note">${page.candidates.length} of ${page.total.toLocaleString("en")}</span>
                ${page.next === null ? nothing : html`<button type="button" class="quiet" @click=${() => attempt(() => loadCandidates(page.next))}>Show more</button>`}
              </p>`
          : html`<p class="waiting">Loading…</p>`}
      </section>
    </div>`;
}
