/* Fills the places of the interactive figures, each when a reader comes near it. Scripts are loaded by plain script
   elements, one after the other: that works from a server and from disk. Where anything fails, the static figure stays. */
(function () {
  "use strict";
  var all = (window.rnnbookFigures = { figures: {}, weights: {} });
  var loading = {};

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
    var still = place.dataset.over && document.getElementById(place.dataset.over);
    place.dataset.scripts.split(" ").reduce(function (before, address) {
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
      if (!entry.isIntersecting) return;
      near.unobserve(entry.target);
      play(entry.target);
    });
  }, { rootMargin: "600px" });
  document.querySelectorAll(".interactive").forEach(function (place) { near.observe(place); });
})();
