
"use strict";
const form = document.querySelector("form");
if (form) {
  const articles = [...document.querySelectorAll("article")].map((element) => ({
    element,
    severity: element.dataset.severity,
    words: element.textContent.toLowerCase(),
  }));
  const sections = [...document.querySelectorAll("main > section:not(.not-compared)")];
  const none = document.getElementById("none-shown");
  const output = form.querySelector("output");
  const apply = () => {
    const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const severities = new Set(new FormData(form).getAll("severity"));
    let shown = 0;
    for (const article of articles) {
      const fits = severities.has(article.severity) && words.every((word) => article.words.includes(word));
      article.element.hidden = !fits;
      shown += fits;
    }
    for (const section of sections) {
      section.hidden = !section.querySelector("article:not([hidden])");
    }
    none.hidden = shown > 0;
    output.value = `${shown} of ${articles.length} shown`;
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  form.hidden = false;
  apply();  // a browser that comes back to the page may have kept what was typed
}
