/* A box that scrolls sideways (a long equation, a wide table, a code cell) can be reached and moved by keyboard. */
(function () {
  function label(box) {
    if (box.matches("pre")) return "Code";
    if (box.matches(".math")) return "Equation";
    return "Table";
  }
  function reachable() {
    document.querySelectorAll("div.math, .pst-scrollable-table-container, .cell_output .text_html, div.highlight pre, .cell_output pre").forEach(function (box) {
      if (box.scrollWidth > box.clientWidth + 1) {
        box.tabIndex = 0;
        box.setAttribute("role", "region");
        box.setAttribute("aria-label", label(box) + ", scrolls sideways");
      } else if (box.getAttribute("role") === "region") {
        box.removeAttribute("tabindex");
        box.removeAttribute("role");
        box.removeAttribute("aria-label");
      }
    });
  }
  window.addEventListener("load", function () {
    var drawn = window.MathJax && MathJax.startup && MathJax.startup.promise;
    Promise.resolve(drawn).then(reachable);
    window.addEventListener("resize", reachable);
  });
})();
