// Requests to the service. What it refuses becomes an Error whose message is what it says.

const stored = sessionStorage.getItem("racnn-token");
let token = stored ?? "";

export const hasToken = () => token !== "";

export function setToken(value) {
  token = value.trim();
  if (token) {
    sessionStorage.setItem("racnn-token", token);
  } else {
    sessionStorage.removeItem("racnn-token");
  }
}

export async function request(path, options = {}) {
  const headers = { Accept: "application/json", ...options.headers };
  if (options.authorised) {
    headers.Authorization = `Bearer ${token}`;
  }
  let response;
  try {
    response = await fetch(path, { ...options, headers });
  } catch (error) {
    if (error.name === "AbortError") {
      throw error;
    }
    throw new Error("The service does not answer. Is it still running?");
  }
  if (response.ok) {
    return response.status === 204 ? null : response.json();
  }
  const problem = await response.json().catch(() => ({ detail: response.statusText }));
  const refusal = new Error(problem.detail);
  refusal.status = response.status;
  throw refusal;
}

const query = (values) =>
  new URLSearchParams(Object.entries(values).filter(([, value]) => value !== null && value !== "")).toString();

function form(file) {
  const body = new FormData();
  body.append("image", file, file.name ?? "image.png");
  return body;
}

export const model = () => request("v1/model");
export const examples = () => request("v1/examples");
export const attackKinds = () => request("v1/attacks");

export async function classify(file, k, baseline, signal) {
  const path = `v1/classify?${query({ k, baseline, thumbnails: true })}`;
  return (await request(path, { method: "POST", body: form(file), signal })).results[0];
}

export const beginAttack = (file, order) =>
  request(`v1/attacks?${query(order)}`, { method: "POST", body: form(file), authorised: true });

export const attackState = (id) => request(`v1/attacks/${id}`, { authorised: true });

export const cancelAttack = (id) => request(`v1/attacks/${id}`, { method: "DELETE", authorised: true });

export const candidates = (label, before, limit) => request(`v1/candidates?${query({ label, before, limit })}`);

export const addCandidate = (file, label, tag) =>
  request(`v1/candidates?${query({ label, tag })}`, { method: "POST", body: form(file), authorised: true });

export const removeCandidate = (id) => request(`v1/candidates/${id}`, { method: "DELETE", authorised: true });

export const relabelCandidate = (id, label) =>
  request(`v1/candidates/${id}`, {
    method: "PATCH",
    body: JSON.stringify({ label }),
    headers: { "Content-Type": "application/json" },
    authorised: true,
  });

export const changes = () => request("v1/candidates/changes?limit=20", { authorised: true });
