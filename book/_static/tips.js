/* A link to a term, an equation, a figure or a work shows it: on hover, on focus, on a long touch. Escape hides it. */
(function () {
  var root = document.documentElement.dataset.content_root || "./";
  var pages = {}, waiting = {}, tip = null, owner = null, timer = 0, touched = 0;

  window.rnnbookTips = function (page, found) {
    pages[page] = found;
    (waiting[page] || []).forEach(function (go) { go(); });
    delete waiting[page];
  };

  /* The page and the place that a link means; null where it is no link of this kind. */
  function goal(link) {
    var hash = decodeURIComponent(link.hash.slice(1));
    if (!/^(term-|equation-|fig-|tab-|id\d)/.test(hash) && !link.querySelector(".std-numref")) return null;
    var top = new URL(root, location.href).href;
    if (link.href.indexOf(top) !== 0) return null;
    return { page: link.href.slice(top.length).replace(/\.html.*$/, ""), id: hash };
  }

  function local(id) {
    var target = document.getElementById(id);
    if (!target) return null;
    if (target.matches("dt")) {
      for (var next = target.nextElementSibling; next && !next.matches("dd"); next = next.nextElementSibling);
      target = next;
    } else if (target.matches("span, a")) {
      target = target.closest("figure, table, div.math, div.citation");
    }
    if (!target || !target.matches("dd, figure, table, div.math, div.citation")) return null;
    var copy = target.cloneNode(true);
    copy.removeAttribute("id");
    copy.querySelectorAll("[id]").forEach(function (part) { part.removeAttribute("id"); });
    copy.querySelectorAll(".headerlink, .label, .backrefs, button").forEach(function (part) { part.remove(); });
    copy.querySelectorAll("img").forEach(function (image) { image.removeAttribute("loading"); });
    return copy;
  }

  function find(place, then) {
    if (place.page === (window.DOCUMENTATION_OPTIONS || {}).pagename) return then(local(place.id));
    function found() {
      var page = pages[place.page], box = document.createElement("div");
      if (!page.pieces[place.id]) return then(null);
      box.innerHTML = page.outlines + page.pieces[place.id];
      box.querySelectorAll("img").forEach(function (image) {
        image.src = root + image.getAttribute("src").replace(/^(\.\.\/)+/, "");
      });
      then(box);
    }
    if (pages[place.page]) return found();
    if (waiting[place.page]) return waiting[place.page].push(found);
    waiting[place.page] = [found];
    var script = document.createElement("script");
    script.src = root + "_static/tips/" + place.page.replace(/\//g, "-") + ".js";
    document.head.append(script);
  }

  function hide() {
    clearTimeout(timer);
    if (!tip) return;
    tip.remove();
    owner.removeAttribute("aria-describedby");
    tip = owner = null;
  }

  function show(link) {
    if (owner === link) return;
    var place = goal(link);
    if (!place) return;
    find(place, function (content) {
      hide();
      if (!content) return;
      tip = document.createElement("div");
      tip.className = "tip";
      tip.id = "tip";
      tip.setAttribute("role", "tooltip");
      tip.append(content);
      tip.addEventListener("pointerleave", function () { timer = setTimeout(hide, 200); });
      tip.addEventListener("pointerenter", function () { clearTimeout(timer); });
      document.querySelector("article.bd-article").append(tip);
      owner = link;
      link.setAttribute("aria-describedby", "tip");
      var line = link.getClientRects()[0], space = document.documentElement.clientWidth;
      tip.style.left = Math.max(8, Math.min(line.left, space - tip.offsetWidth - 8)) + window.scrollX + "px";
      var above = line.top - tip.offsetHeight - 8;
      tip.style.top = (above > 60 ? above : line.bottom + 8) + window.scrollY + "px";
    });
  }

  function linkOf(event) {
    return event.target.closest && event.target.closest("article a[href*='#']:not(.headerlink)");
  }
  document.addEventListener("pointerover", function (event) {
    var link = event.pointerType !== "touch" && linkOf(event);
    if (!link) return;
    clearTimeout(timer);
    timer = setTimeout(function () { show(link); }, 150);
  });
  document.addEventListener("pointerout", function (event) {
    if (event.pointerType !== "touch" && linkOf(event)) { clearTimeout(timer); timer = setTimeout(hide, 250); }
  });
  document.addEventListener("focusin", function (event) {
    var link = linkOf(event);
    if (link && link.matches(":focus-visible")) show(link); else if (!event.target.closest(".tip")) hide();
  });
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") hide(); });
  document.addEventListener("touchstart", function (event) {
    var link = linkOf(event);
    if (!link) { if (!event.target.closest(".tip")) hide(); return; }
    touched = setTimeout(function () { touched = 0; show(link); link.dataset.held = ""; }, 450);
  }, { passive: true });
  ["touchend", "touchmove", "touchcancel"].forEach(function (name) {
    document.addEventListener(name, function () { clearTimeout(touched); }, { passive: true });
  });
  /* After a long touch the link is shown, not followed, and the browser's own menu stays away. */
  ["click", "contextmenu"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      var link = linkOf(event);
      if (link && "held" in link.dataset) {
        event.preventDefault();
        if (name === "click") delete link.dataset.held;
      }
    });
  });
})();
