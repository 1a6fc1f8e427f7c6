// The robustness report, as `racnn evaluate` wrote it.

import { html } from "./lit-html.js";
import { state } from "./state.js";

const percent = (share) => `${(share * 100).toFixed(2)} %`;

export function reportView() {
  const { model } = state;
  return html`
    <h1 class="hidden-text">Report</h1>
    <section class="card" aria-labelledby="model-title">
      <h2 id="model-title">Model</h2>
      <dl class="facts">
        <div><dt>clean accuracy</dt><dd>${percent(model.testAccuracy)} <small>of ${model.testImages.toLocaleString("en")} test images</small></dd></div>
        <div><dt>neighbours</dt><dd>${model.neighbours}</dd></div>
        <div><dt>classes</dt><dd>${model.classes.length}</dd></div>
        <div><dt>images</dt><dd>${model.imageHeight} × ${model.imageWidth}</dd></div>
        <div><dt>precision</dt><dd>${model.precision}</dd></div>
        <div><dt>weights</dt><dd><code>${model.weightsSha256.slice(0, 12)}</code></dd></div>
      </dl>
    </section>
    ${model.report
      ? html`<iframe class="report" src="report" title="Robustness report"></iframe>`
      : html`
          <section class="card empty">
            <h2>No robustness report yet</h2>
            <p>Make one, and start the service with it:</p>
            <pre tabindex="0" role="region" aria-label="Commands"><code>./racnn evaluate --model BUNDLE --data DATA --suite fgsm --out report
./racnn serve --model BUNDLE --report report</code></pre>
          </section>`}`;
}
