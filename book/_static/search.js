/* Finds sections. `sections.js`, which the extension's search.py writes, calls rnnbookSections with all of them. */
(function () {
  var STOP = /^(?:a|an|the|of|in|on|to|for|is|are|what|why|how|do|does|and|or|with|by|it|its|i|my)$/;
  var CJK = /[\u3400-\u9fff]/;
  var SHOWN = 30, LONGEST = 240;
  var REFERENCE = 3;  /* of the kinds of pages in search.py */
  var index = null;
  var field = document.querySelector(".bd-search-container input[type=search]");
  var list = document.getElementById("search-results");
  var count = document.getElementById("search-count");

  /* Words as they are compared, as search.py does it: without case, hyphens, the s of a plural, with the s of -ise. */
  function words(text) {
    return text.toLowerCase().replace(/[-\u2010\u2011\u2019']/g, "").split(/[^\p{L}\p{N}_]+/u).filter(Boolean).map(function (word) {
      return word.replace(/([a-z]{2}[a-rt-z])s$/, "$1").replace(/([a-z]{3}i)z(?=e|ation|ing)/, "$1s");
    });
  }

  function plain(text) { return " " + words(text).join(" ") + " "; }

  function read(whole) {
    index = {
      pages: whole.pages,
      words: Object.keys(whole.words).map(function (name) { return { name: plain(name).trim(), places: whole.words[name] }; }),
      sections: whole.sections.map(function (section) {
        var of = whole.pages[section[0]];
        return {
          page: section[0], kind: of[2], title: section[2], text: section[3],
          address: of[0] + (section[1] ? "#" + section[1] : ""),
          head: plain(section[2]), body: plain(section[3])
        };
      })
    };
  }

  /* How often a word of the query, or one that begins with it, stands in a text; the last word may be half typed. */
  function times(text, word) {
    return text.split(CJK.test(word) ? word : " " + word).length - 1;
  }

  function part(text, words) {
    return words.filter(function (word) { return times(text, word); }).length / words.length;
  }

  /* How well a query names a term: 1 where it is the term; else what share of the longer one the shorter is. */
  function share(term, query) {
    if (term.replace(/ /g, "") === query.replace(/ /g, "")) return 1;  /* "state space" as "state-space" */
    var inner = term.length < query.length ? term : query, outer = inner === term ? query : term;
    if (CJK.test(inner)) return outer.includes(inner) ? inner.length / outer.length : 0;
    return (" " + outer + " ").includes(" " + inner + " ") ? inner.split(" ").length / (outer.split(" ").length + 0.1) : 0;
  }

  /* Which sections teach a term that the query names, the best named first, each with its entry of the glossary. */
  function taught(phrase, whole) {
    var found = {};
    index.words.forEach(function (entry) {
      var well = Math.max(share(entry.name, phrase), share(entry.name, whole));
      if (well) entry.places.forEach(function (place, i) {
        if (!found[place] || well > found[place][0]) found[place] = [well, i];
      });
    });
    return found;
  }

  /* What is found: first what teaches a term that is asked for, then titles, then bodies; in each, chapters first.
     The pages of reference come before bodies only where they are all that is found. */
  function order(section, asked, phrase, term) {
    var inHead = part(section.head, asked), inBody = part(section.head + section.body, asked);
    var tier = section.kind === REFERENCE && !/[._]/.test(phrase) ? 3.5 : 0;
    if (term && term[0] > 0.5) return [term[0] === 1 ? 0 : 0.5, -term[0], term[1]];
    if (section.head.includes(" " + phrase) || CJK.test(phrase) && section.head.includes(phrase)) return [Math.max(tier, 1), section.kind, section.head.length];
    if (inHead === 1) return [Math.max(tier, 2), section.kind, section.head.length];
    if (term) return [2.5, -term[0], term[1]];
    if (section.body.includes(" " + phrase) || CJK.test(phrase) && section.body.includes(phrase)) return [Math.max(tier, 3), section.kind, -times(section.body, phrase)];
    if (inBody === 1) return [Math.max(tier, 3.2), section.kind, -inHead];
    return inBody > 0.5 ? [5 - inBody, section.kind, -inHead] : null;
  }

  function find(query) {
    var all = words(query), asked = all.filter(function (word) { return !STOP.test(word); });
    if (!asked.length) asked = all;
    if (!asked.length) return [];
    var phrase = asked.join(" "), terms = taught(phrase, all.join(" "));
    return index.sections.map(function (section, i) {
      return { section: section, order: order(section, asked, phrase, terms[i]) };
    }).filter(function (hit) { return hit.order; }).sort(function (a, b) {
      return a.order[0] - b.order[0] || a.order[1] - b.order[1] || a.order[2] - b.order[2];
    }).map(function (hit) { return hit.section; });
  }

  /* The sentence of a section that holds most of the words; without one, its first. */
  function excerpt(section, asked) {
    var sentences = section.text.split(/(?<=[.?!\u3002])\s+/), best = sentences[0], most = 0;
    sentences.forEach(function (sentence) {
      var found = part(plain(sentence), asked);
      if (found > most) { most = found; best = sentence; }
    });
    return best.length > LONGEST ? best.slice(0, LONGEST).replace(/\s\S*$/, " \u2026") : best;
  }

  function element(name, text, kind) {
    var made = document.createElement(name);
    if (text) made.textContent = text;
    if (kind) made.className = kind;
    return made;
  }

  function show(query) {
    var hits = find(query), asked = words(query), root = document.documentElement.dataset.content_root || "./";
    list.replaceChildren();
    hits.slice(0, SHOWN).forEach(function (section) {
      var item = element("li"), link = element("a", section.title), page = index.pages[section.page];
      link.href = root + section.address;
      item.append(link);
      if (page[1] !== section.title) item.append(element("span", page[1], "search-page"));
      var said = excerpt(section, asked);
      if (said) item.append(element("p", said));
      list.append(item);
    });
    count.textContent = !query.trim() ? "" : !hits.length ? "Nothing was found. The glossary has the terms in English and Chinese." :
      hits.length > SHOWN ? "The first " + SHOWN + " of " + hits.length + " sections" : hits.length === 1 ? "One section" : hits.length + " sections";
  }

  window.rnnbookSections = function (whole) {
    read(whole);
    window.rnnbookFind = find;  /* for the tests */
    field.value = new URLSearchParams(location.search).get("q") || "";
    show(field.value);
    field.focus();
    field.addEventListener("input", function () {
      show(field.value);
      try { history.replaceState(null, "", "?q=" + encodeURIComponent(field.value)); } catch (error) { /* from disk */ }
    });
    field.form.addEventListener("submit", function (event) { event.preventDefault(); show(field.value); });
  };
})();
