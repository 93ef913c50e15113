/* Finds sections. `sections.js`, which the extension's search.py writes, calls rnnbookSections with all of them. */
(function () {
  var STOP = /^(?:an?|the|of|in|on|to|for|is|are|what|which|why|how|do|does|can|should|when|and|or|with|by|its?|i|my|vs|versus|better|between|difference)$/;
  var CJK = /[\u3400-\u9fff]/;
  /* What a question in Chinese has beside its terms. */
  var ASKED = /\u4e3a\u4ec0\u4e48|\u662f\u4ec0\u4e48|\u4ec0\u4e48\u662f|\u4ec0\u4e48|\u600e\u4e48\u6837?|\u5982\u4f55|\u533a\u522b|[\u7684\u548c\u4e0e\u5417\u5462\u4f1a\u4e86]/g;
  /* Characters of the glossary, each followed by its traditional form. */
  var FORMS = "与與丢丟个個习習书書传傳伪偽体體储儲单單历歷参參双雙后後号號声聲复複头頭学學实實对對尔爾层層带帶师師并並开開异異强強归歸径徑忆憶态態恒恆损損据據数數断斷时時机機权權术術条條构構标標样樣检檢汇匯泄洩温溫滞滯点點热熱状狀独獨环環码碼确確离離种種积積类類简簡级級线線细細经經结結络絡缓緩编編网網联聯节節装裝视視记記讲講证證识識词詞询詢语語误誤谱譜质質贪貪轮輪较較辑輯输輸过過连連选選递遞遗遺采採错錯键鍵长長门門问問间間阵陣随隨顺順预預题題饱飽馈饋验驗齐齊动動务務区區拟擬扫掃敛斂隐隱为為么麼会會";
  var SHOWN = 30, LONGEST = 240;
  var REFERENCE = 3;  /* of the kinds of pages in search.py */
  var index = null;
  var field = document.querySelector(".bd-search-container input[type=search]");
  var list = document.getElementById("search-results");
  var count = document.getElementById("search-count");

  /* Words as they are compared, as search.py does it: without case, hyphens, the s of a plural, with the s of -ise. */
  function words(text) {
    text = text.toLowerCase().replace(/[-\u2010\u2011\u2019']/g, "");
    text = text.replace(/[\u3400-\u9fff]/g, function (form) {
      var at = FORMS.indexOf(form);
      return at % 2 === 1 ? FORMS[at - 1] : form;
    });
    /* LSTM in the middle of Chinese is a word, too. */
    text = text.replace(/([\u3400-\u9fff])(?=[a-z0-9])|([a-z0-9])(?=[\u3400-\u9fff])/g, "$1$2 ");
    return text.split(/[^\p{L}\p{N}_]+/u).filter(Boolean).map(function (word) {
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

  function pairs(text) {
    return Array.from(text).slice(1).map(function (letter, i) { return text[i] + letter; });
  }

  /* What share of their pairs of characters two terms in Chinese have in common, where it is most of them. */
  function alike(one, other) {
    var ours = pairs(one), theirs = pairs(other);
    var both = ours.filter(function (pair) { return theirs.includes(pair); }).length;
    var shared = 2 * both / (ours.length + theirs.length);
    return shared > 0.6 ? shared * 0.99 : 0;
  }

  /* How well a query names a term: 1 where it is the term; else what share of the longer one the shorter is. */
  function share(term, query) {
    if (term.replace(/ /g, "") === query.replace(/ /g, "")) return 1;  /* "state space" as "state-space" */
    var inner = term.length < query.length ? term : query, outer = inner === term ? query : term;
    if (CJK.test(inner) && (" " + outer + " ").includes(" " + inner + " ")) return 1 / outer.split(" ").length;
    if (CJK.test(inner)) return outer.includes(inner) ? inner.length / outer.length : alike(inner, outer);
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
    if (term && (term[0] === 0.5 || inBody === 1 || inHead)) return [2.4, -term[0], term[1]];
    if (section.body.includes(" " + phrase) || CJK.test(phrase) && section.body.includes(phrase)) return [Math.max(tier, 2.5), section.kind, -times(section.body, phrase)];
    if (inBody === 1) return [Math.max(tier, 3), section.kind, -inHead];
    if (term) return [3.2, -term[0], term[1]];
    return inBody >= 0.5 ? [5 - inBody, section.kind, -inHead] : null;
  }

  /* Words that differ by a letter more, less or other, or by two that changed places. */
  function near(one, other) {
    if (Math.abs(one.length - other.length) > 1) return false;
    var start = 0, end = 0, shorter = Math.min(one.length, other.length);
    while (start < shorter && one[start] === other[start]) start++;
    while (end < shorter - start && one[one.length - 1 - end] === other[other.length - 1 - end]) end++;
    var left = one.slice(start, one.length - end), right = other.slice(start, other.length - end);
    return left.length < 2 && right.length < 2 || left.length === 2 && left === right[1] + right[0];
  }

  /* What was meant, where a word stands nowhere in the book and names no term: the commonest that is near it. */
  function corrected(word) {
    function stands(text) { return times(" " + text, word); }
    if (word.length < 5 || CJK.test(word) || index.sections.some(function (section) { return stands(section.head + section.body); }) ||
      index.words.some(function (entry) { return stands(entry.name); })) return word;
    if (!index.known) {
      index.known = new Map();
      index.sections.forEach(function (section) {
        (section.head + section.body).split(" ").forEach(function (known) { index.known.set(known, (index.known.get(known) || 0) + 1); });
      });
    }
    var best = word;
    index.known.forEach(function (often, known) {
      if (near(word, known) && often > (index.known.get(best) || 0)) best = known;
    });
    return best;
  }

  function find(query) {
    var all = words(query), whole = all.join(" ");
    var named = index.words.some(function (entry) { return share(entry.name, whole) === 1; });
    if (!named) all = whole.replace(ASKED, " ").split(" ").filter(Boolean);  /* not out of a term */
    var asked = all.filter(function (word) { return !STOP.test(word); });
    if (!asked.length) asked = all = words(query);
    if (!asked.length) return [];
    asked = asked.map(corrected);
    var phrase = asked.join(" "), terms = taught(phrase, all.map(corrected).join(" "));
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
