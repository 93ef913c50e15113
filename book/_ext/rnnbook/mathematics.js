/* MathJax without a browser: what `mathematics.py` runs once its components are loaded. */
const { mathjax } = MathJax._.mathjax;
const adaptor = MathJax._.adaptors.liteAdaptor.liteAdaptor();
MathJax._.a11y["assistive-mml"].AssistiveMmlHandler(MathJax._.handlers.html_ts.RegisterHTMLHandler(adaptor));
const output = new MathJax._.output.svg_ts.SVG({
  fontCache: "global", // outlines of letters are kept apart from the formulas, each once
  internalSpeechTitles: false,
  font: new MathJax._.output.svg.fonts.tex_ts.TeXFont(),
});
const input = new MathJax._.input.tex_ts.TeX({
  packages: ["base", "ams", "newcommand"],
  tags: "none", // Sphinx numbers the equations
  formatError: (jax, error) => { throw new Error(error.message); },
});
const page = mathjax.document("", { InputJax: input, OutputJax: output });

/* One formula: its drawing and its MathML. */
function draw(tex, display) {
  try {
    return adaptor.innerHTML(page.convert(tex, { display, em: 16, ex: 8, containerWidth: 1e6 }));
  } catch (error) {
    return "error: " + error.message;
  }
}

/* The outlines that all formulas so far have used. */
function outlines() {
  return adaptor.innerHTML(output.fontCache.getCache());
}
