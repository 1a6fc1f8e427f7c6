// All that the page knows, and the one way to change it.

import * as api from "./api.js";

export const state = {
  route: "classify",
  model: null,
  examples: [],
  kinds: [],
  failure: "",
  unlocking: false,

  image: null, // { file, url, name, truth }
  k: 10,
  busy: false,
  result: null,

  order: { attack: "modern pgd", norm: "linf", epsilon: 8, scenario: "1" },
  job: null, // as the service describes it
  shown: "before",

  page: null,
  filter: "",
  changes: null,
};

let draw = () => {};
let scheduled = false;

export function onChange(render) {
  draw = render;
}

export function update(patch) {
  Object.assign(state, patch);
  if (!scheduled) {
    scheduled = true;
    requestAnimationFrame(() => {
      scheduled = false;
      draw();
    });
  }
}

export function say(text) {
  document.getElementById("announcer").textContent = text;
}

export function fail(error) {
  if (error.name === "AbortError") {
    return;
  }
  if (error.status === 401) {
    api.setToken("");
    update({ unlocking: true });
  }
  update({ failure: error.message, busy: false });
}

// Runs what may be refused; the page says why if it is.
export async function attempt(work) {
  update({ failure: "" });
  try {
    return await work();
  } catch (error) {
    fail(error);
    return undefined;
  }
}

// What needs the token asks for it first.
export async function authorised(work) {
  if (!api.hasToken()) {
    update({ unlocking: true });
    return undefined;
  }
  return attempt(work);
}

let running = null;

export async function classify() {
  if (!state.image) {
    return;
  }
  running?.abort();
  running = new AbortController();
  const { signal } = running;
  update({ busy: true });
  await attempt(async () => {
    const result = await api.classify(state.image.file, state.k, state.model.baseline, signal);
    update({ result, busy: false });
    say(result.abstained ? "RaCNN gives no label." : `RaCNN says ${result.label}.`);
  });
}

export function choose(file, truth = null) {
  if (state.image) {
    URL.revokeObjectURL(state.image.url);
  }
  const image = { file, url: URL.createObjectURL(file), name: file.name ?? "pasted image", truth };
  update({ image, result: null, job: null, shown: "before", route: "classify" });
  return classify();
}

export async function refreshModel() {
  update({ model: await api.model() });
}

// Candidates have changed: whatever is shown has to be asked again.
export async function candidatesChanged() {
  update({ job: null, shown: "before" });
  await Promise.all([refreshModel(), loadCandidates(), classify()]);
}

export async function loadCandidates(before = null) {
  const page = await api.candidates(state.filter, before, 48);
  if (before !== null && state.page) {
    page.candidates = [...state.page.candidates, ...page.candidates];
  }
  update({ page });
  if (api.hasToken()) {
    update({ changes: await api.changes() });
  }
}
