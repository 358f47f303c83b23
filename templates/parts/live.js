"use strict";
for (const drawing of document.querySelectorAll(".drawing")) {
  const spec = drawing.parentElement.querySelector(".spec");
  const still = drawing.querySelector("svg");
  const place = drawing.appendChild(document.createElement("div"));
  const options = { ast: true, actions: false, defaultStyle: false, renderer: "svg", tooltip: { disableDefaultStyle: true } };
  vegaEmbed(place, JSON.parse(spec.textContent), options).then(() => {
    still.remove();
    for (const svg of place.querySelectorAll("svg")) { svg.classList.add("chart"); svg.setAttribute("role", "img"); svg.setAttribute("aria-label", still.getAttribute("aria-label")); }
  });
}
