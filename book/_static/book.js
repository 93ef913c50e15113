/* What the theme leaves out for readers who use a keyboard or listen to the page. */
(function () {
  var BOXES = "mjx-container[display=true], div.highlight pre, .cell_output pre, .cell_output .text_html, " +
    ".pst-scrollable-table-container";

  function label(box) {
    return box.matches("mjx-container") ? "Equation" : box.matches("pre") ? "Code" : "Table";
  }

  /* A box that scrolls sideways can be reached with Tab and moved with the arrow keys. */
  function reachable() {
    var count = 0;
    document.querySelectorAll(BOXES).forEach(function (box) {
      if (box.scrollWidth > box.clientWidth + 1) {
        box.tabIndex = 0;
        box.setAttribute("role", "region");
        box.setAttribute("aria-label", label(box) + " " + (count += 1) + ", scrolls sideways");
      } else if (box.getAttribute("role") === "region") {
        ["tabindex", "role", "aria-label"].forEach(function (name) { box.removeAttribute(name); });
      }
    });
  }

  /* All that a page shows belongs to a part that a voice can jump to; the theme puts its mark beside them. */
  var side = document.querySelector(".bd-sidebar-primary");
  if (side) {
    side.setAttribute("role", "navigation");
    side.setAttribute("aria-label", "The book");
  }

  /* The arrows that open a part of the contents get a name. */
  document.querySelectorAll("nav details > summary").forEach(function (arrow) {
    var link = arrow.parentElement.parentElement.querySelector("a");
    if (!arrow.textContent.trim() && link) arrow.setAttribute("aria-label", "Pages under " + link.textContent.trim());
  });

  /* The list of works is announced as a list whose items are no list items: say nothing rather than that. */
  document.querySelectorAll(".citation-list[role=list]").forEach(function (list) { list.removeAttribute("role"); });

  window.addEventListener("load", reachable);
  window.addEventListener("resize", reachable);
  document.addEventListener("toggle", reachable, true);

  /* Paper is white: print in the light colours whatever the screen has, with the answers open. */
  var before = null;
  window.addEventListener("beforeprint", function () {
    var root = document.documentElement;
    before = { theme: root.dataset.theme, closed: [].slice.call(document.querySelectorAll("details.answer:not([open])")) };
    root.dataset.theme = "light";
    before.closed.forEach(function (answer) { answer.open = true; });
    document.querySelectorAll("img[loading=lazy]").forEach(function (image) { image.loading = "eager"; });
  });
  window.addEventListener("afterprint", function () {
    if (!before) return;
    document.documentElement.dataset.theme = before.theme;
    before.closed.forEach(function (answer) { answer.open = false; });
    before = null;
  });
})();
