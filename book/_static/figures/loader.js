/* Fills the places of the interactive figures, each when a reader comes near it. Scripts are loaded by plain script
   elements, one after the other: that works from a server and from disk. Where anything fails, the static figure stays. */
(function () {
  "use strict";
  var all = (window.rnnbookFigures = { figures: {}, weights: {} });
  var loading = {}, playing = {};

  /* The style comes with the loader: what only a script makes is in no page that is searched for the styles it uses. */
  var sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = document.currentScript.src.replace(/loader\.js.*$/, "figures.css");
  var styled = new Promise(function (done) { sheet.onload = sheet.onerror = done; });
  document.head.append(sheet);

  function load(address) {
    return (loading[address] = loading[address] || new Promise(function (done, failed) {
      var script = document.createElement("script");
      script.src = address;
      script.onload = done;
      script.onerror = function () { failed(new Error("This script did not load: " + address)); };
      document.head.append(script);
    }));
  }

  function play(place) {
    near.unobserve(place);
    var still = place.dataset.over && document.getElementById(place.dataset.over);
    return playing[place.id] = playing[place.id] || place.dataset.scripts.split(" ").reduce(function (before, address) {
      return before.then(function () { return load(address); });
    }, styled).then(function () {
      if (still) still.prepend(place);
      all.figures[place.dataset.figure].play(place, all.weights);
      if (still) still.classList.add("is-played");
    }).catch(function (error) {
      place.replaceChildren();
      console.error(error);
    });
  }

  document.querySelectorAll(".interactive-words").forEach(function (words) { words.hidden = false; });
  var near = new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) {
      if (entry.isIntersecting) play(entry.target);
    });
  }, { rootMargin: "600px" });
  var places = Array.from(document.querySelectorAll(".interactive"));
  places.forEach(function (place) { near.observe(place); });

  /* An address that names a figure: those above it are filled too, since they would push it away when they come. Where
     the page settles later than the reader takes over, it stays where the reader is. */
  function visit() {
    var name = location.hash.slice(1), last = places.findIndex(function (place) {
      return name && (place.id === name || place.dataset.over === name);
    });
    if (last < 0) return;
    var left = false, target = document.getElementById(name);
    ["wheel", "touchstart", "pointerdown", "keydown"].forEach(function (kind) {
      addEventListener(kind, function () { left = true; }, { once: true, passive: true });
    });
    function go() { if (!left) target.scrollIntoView({ behavior: "instant" }); }
    Promise.all(places.slice(0, last + 1).map(play)).then(function () {
      go();
      [200, 600, 1500].forEach(function (wait) { setTimeout(go, wait); });
    });
  }
  addEventListener("hashchange", visit);
  visit();
})();
