/* Never lost: the contents light the section that is read, the sidebar shows the page, a visit goes on where it ended. */
(function () {
  var article = document.querySelector("article.bd-article");
  if (!article) return;
  var contents = document.querySelector(".bd-toc-nav");
  var links = {};
  if (contents) contents.querySelectorAll("a[href^='#']").forEach(function (link) {
    links[decodeURIComponent(link.hash.slice(1))] = link;
  });
  var sections = [].slice.call(article.querySelectorAll("section[id]")).filter(function (part) {
    return part.id in links;
  });
  var bar = document.querySelector(".reading-progress > div");
  var name = document.querySelector(".here");
  var lit = null;

  /* Where a heading comes to rest after a jump, and a little more. */
  function line() {
    return parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) + 24 || 90;
  }

  /* The last section whose heading has passed the line; at the end of the page the last of all that are seen. */
  function current() {
    var y = line(), found = null;
    var atEnd = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 2;
    sections.forEach(function (part) {
      var top = part.getBoundingClientRect().top;
      if (top <= (atEnd ? window.innerHeight * 0.6 : y)) found = part;
    });
    return found;
  }

  /* Move a scrolling box so that what it holds can be seen, and nothing else on the page moves. */
  function show(box, item) {
    if (!box || !item || box.scrollHeight <= box.clientHeight) return;
    var inside = item.getBoundingClientRect(), outside = box.getBoundingClientRect();
    if (inside.top < outside.top + 40 || inside.bottom > outside.bottom - 40)
      box.scrollTop += inside.top - outside.top - box.clientHeight / 3;
  }

  function light(part) {
    if (part === lit) return;
    lit = part;
    if (!contents) return;
    contents.querySelectorAll(".active").forEach(function (one) { one.classList.remove("active"); });
    contents.querySelectorAll("[aria-current]").forEach(function (one) { one.removeAttribute("aria-current"); });
    contents.querySelectorAll("ul.visible").forEach(function (one) { one.classList.remove("visible"); });
    if (!part) return;
    var link = links[part.id];
    link.setAttribute("aria-current", "true");
    for (var item = link.parentElement; item && item !== contents; item = item.parentElement) {
      if (item.matches("li")) {
        item.classList.add("active");
        item.querySelector("a").classList.add("active");
      }
      if (item.matches("ul")) item.classList.add("visible");
    }
    show(document.querySelector(".bd-sidebar-secondary"), link);
  }

  function remember(part) {
    if (!/\/(book|exercises)\//.test(location.pathname) || /\/book\/index\.html$/.test(location.pathname)) return;
    var heading = part && part.querySelector("h2, h3");
    var title = article.querySelector("h1");
    try {
      localStorage.setItem("reading", JSON.stringify({
        page: location.pathname.replace(/^.*\/(book|exercises)\//, "$1/"), place: part ? part.id : "",
        title: title.firstChild ? plain(title) : "", section: heading ? plain(heading) : "",
      }));
    } catch (error) { /* A reader may forbid it. */ }
  }

  function plain(heading) {
    var copy = heading.cloneNode(true);
    copy.querySelectorAll(".headerlink, svg").forEach(function (part) { part.remove(); });
    return copy.textContent.trim();
  }

  function follow() {
    var part = current();
    if (part !== lit) remember(part);
    light(part);
    var box = article.getBoundingClientRect();
    var way = Math.min(1, Math.max(0, (window.innerHeight - box.top) / Math.max(box.height, 1)));
    if (window.scrollY <= 1) way = 0;
    if (bar) bar.style.transform = "scaleX(" + way.toFixed(4) + ")";
    if (name) name.classList.toggle("shown", article.querySelector("h1").getBoundingClientRect().bottom < line());
  }

  var waiting = false;
  function soon() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(function () { waiting = false; follow(); });
  }
  ["scroll", "resize", "hashchange", "load"].forEach(function (event) {
    window.addEventListener(event, soon, { passive: true });
  });
  follow();

  /* A drawer on a phone opens at the place, and a tap in it closes it. */
  [["pst-primary-sidebar-checkbox", ".bd-sidebar-primary", ".current.active > a, .active > a.current"],
    ["pst-secondary-sidebar-checkbox", ".bd-sidebar-secondary", "a[aria-current]"]].forEach(function (drawer) {
    var box = document.getElementById(drawer[0]), side = document.querySelector(drawer[1]);
    if (!box || !side) return;
    function open() {
      if (box.checked) requestAnimationFrame(function () { show(side, last(side.querySelectorAll(drawer[2]))); });
    }
    box.addEventListener("change", open);
    document.querySelectorAll(".sidebar-toggle.btn, .primary-toggle, .secondary-toggle").forEach(function (button) {
      button.addEventListener("click", function () { setTimeout(open, 120); });
    });
    side.addEventListener("click", function (event) {
      if (event.target.closest("a[href*='#'], a.current")) box.checked = false;
    });
    show(side, last(side.querySelectorAll(drawer[2])));
    /* Again when the typeface is there: with it titles may take other lines, and a place at the end moves down. */
    window.addEventListener("load", function () { show(side, last(side.querySelectorAll(drawer[2]))); });
  });
  function last(found) { return found[found.length - 1]; }

  /* The start page offers to go on. */
  var offer = document.querySelector(".go-on");
  if (offer) {
    try {
      var kept = JSON.parse(localStorage.getItem("reading"));
      if (kept && /^(book|exercises)\/[\w\/-]+\.html$/.test(kept.page)) {
        var link = document.createElement("a");
        link.href = document.documentElement.dataset.content_root + kept.page + (kept.place ? "#" + kept.place : "");
        link.textContent = kept.title + (kept.section ? ", " + kept.section : "");
        offer.append("Go on where you stopped: ", link);
        offer.hidden = false;
      }
    } catch (error) { /* Nothing kept, or not by us. */ }
  }
})();
