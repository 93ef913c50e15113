"""Search by section: what readers type, in two languages, and the section that should be among the first three."""

import pytest

# Where each query should lead: a part of the address of a section. Most queries were written before anything was found
# by them; where each should lead was said with the book's contents at hand.
QUERIES = {
    "BPTT": "03-bptt",
    "backpropagation": "03-bptt",
    "back-propagation through time": "03-bptt",
    "LSTM": "05-lstm",
    "长短期记忆": "05-lstm",
    "梯度消失": "04-gradients/product",
    "vanishing gradient": "04-gradients/product",
    "vanishing gradients problem": "04-gradients/product",
    "梯度爆炸": "04-gradients/clipping",
    "梯度裁剪": "04-gradients/clipping.html#clipping",
    "gradient clipping": "04-gradients/clipping.html#clipping",
    "forget gate": "05-lstm.html#the-forget-gate-is-a-clock",
    "perplexity": "02-forward",
    "困惑度": "02-forward",
    "teacher forcing": "12-attention.html#one-net-reads-another-writes",
    "GRU": "06-gru",
    "门控循环单元": "06-gru",
    "beam search": "12-attention.html#search",
    "束搜索": "12-attention.html#search",
    "attention": "12-attention.html#attention-look-again",
    "注意力机制": "12-attention",
    "transformer": "13-transformer",
    "W_hh": "notation",
    "adding problem": "04-gradients/starts.html#three-tasks-for-a-memory",
    "orthogonal initialization": "04-gradients/starts.html#two-initialisations",
    "truncated bptt": "03-bptt",
    "gradient check": "03-bptt",
    "finite differences": "03-bptt",
    "双向循环神经网络": "07-bidirectional",
    "minGRU": "14-after.html#a-gru-that-does-not-look-back",
    "state space model": "14-after",
    "rnnlib.LSTM": "05-lstm",
    "hopfield network": "01-history",
    "elman network": "01-history",
    "copying task": "04-gradients/starts",
    "softmax temperature": "it-writes",
    "bidirectional": "07-bidirectional",
    "padding mask": "02-forward",
    "CRF": "10-tagging.html#tags-that-do-not-fit",
    "named entity": "10-tagging",
    "confidence interval": "11-comparison.html#the-interval-of-a-mean",
    "bootstrap": "11-comparison",
    "positional encoding": "13-transformer.html#order",
    "multi-head attention": "13-transformer.html#several-heads",
    "mamba": "14-after.html#the-state-space-view",
    "parallel scan": "14-after",
    "hidden tests": "for-contributors.html#an-exercise",
    "install the course": "for-students.html#start",
    "peephole": "05-lstm",
    "reset gate": "06-gru",
    "adam optimizer": "03-bptt",
    "learning rate": "03-bptt",
    "why do gradients explode": "04-gradients",
    "accuracy baseline": "09-classification.html#the-baseline",
    "spectral radius": "04-gradients",
    "dropout": "07-bidirectional.html#dropout-and-where-it-must-not-go",
    "input gate": "05-lstm.html#the-idea-a-gate-in-the-place-of-a-matrix",
    "constant error carousel": "05-lstm",
    "nucleus sampling": "08-language.html#it-writes",
    "exposure bias": "12-attention.html#after-one-wrong-phone",
    "edit distance": "12-attention.html#how-wrong-is-a-pronunciation",
    "data leakage": "09-classification",
    "causal mask": "13-transformer.html#direction",
    "layer normalization": "13-transformer.html#the-block",
    "层归一化": "13-transformer.html#the-block",
    "KV cache": "13-transformer.html#one-more-step",
    "delta rule": "14-after.html#the-state-space-view",
    "encoder decoder": "12-attention.html#one-net-reads-another-writes",
    "学习率": "03-bptt",
    "过拟合": "08-language",
    "due date": "for-instructors.html#release-and-collect",
    "what does the grader promise": "grading.html#the-promises",
    "Reber grammar": "05-lstm.html#and-2000-learning-to-forget",
}


@pytest.fixture(scope="module")
def search(browser, address, site):
    """The search page over http and from disk, open, and what went wrong in each."""
    opened, trouble = [], []
    for url in (f"{address}/search.html", (site / "search.html").as_uri()):
        page = browser.new_page()
        page.on("console", lambda m: trouble.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: trouble.append(str(e)))
        page.goto(url)
        page.wait_for_function("() => Boolean(window.rnnbookFind)")
        opened.append(page)
    yield opened
    for page in opened:
        page.close()
    assert not trouble


def addresses(page, query):
    return page.evaluate("query => rnnbookFind(query).map(section => section.address)", query)


def test_what_readers_type_leads_to_the_section(search):
    found = {query: addresses(search[0], query)[:3] for query in QUERIES}
    missed = {query: found[query] for query, part in QUERIES.items() if not any(part in a for a in found[query])}
    assert not missed


def test_it_finds_the_same_from_disk(search):
    for query in [*QUERIES][::8]:
        assert addresses(search[1], query) == addresses(search[0], query) != []


def test_every_hit_is_a_place_in_the_book(search, pages, site):
    known = {
        path.relative_to(site).as_posix(): {tag["id"] for tag in page.find_all(id=True)} for path, page in pages.items()
    }
    for name, place in {tuple(a.partition("#")[::2]) for query in QUERIES for a in addresses(search[0], query)}:
        assert name in known and (not place or place in known[name]), f"{name}#{place}"


def test_every_term_of_the_glossary_leads_to_its_chapter_and_to_its_entry(search, pages, site):
    terms = pages[site / "book/glossary.html"].select("dl.glossary dt")
    assert len(terms) > 300
    for term in terms:
        for link in term.find_all("a"):
            link.decompose()
        first = addresses(search[0], term.get_text().strip())[:3]
        assert any(a.startswith("book/glossary.html#") for a in first), term.get_text()
        assert not first[0].startswith("book/glossary"), term.get_text()


def test_titles_come_before_bodies_and_both_before_the_reference(search):
    hits = search[0].evaluate("() => rnnbookFind('counting').map(s => [s.kind === 3, !s.head.includes(' counting')])")
    ranks = [2 if reference else body for reference, body in hits]
    assert {0, 1, 2} <= set(ranks) and ranks == sorted(ranks)


def test_a_page_of_hits_quotes_sentences(visit, address):
    visited = visit(f"{address}/search.html?q=truncated")
    page = visited.page
    page.wait_for_selector("#search-results li a")
    assert not visited.trouble
    assert len([u for u in visited.requests if u.endswith(".html") or ".html?" in u]) == 1  # no page is fetched
    quoted = page.locator("#search-results p").all_text_contents()
    assert len(quoted) >= 3
    assert any("truncat" in text.lower() for text in quoted)
    assert not [text for text in quoted if "\\" in text or "import " in text or len(text) > 260]
    assert "section" in page.locator("#search-count").text_content()


def test_a_reader_searches_and_goes_to_the_section(visit, address):
    page = visit(f"{address}/book/05-lstm.html", size="phone").page
    page.keyboard.press("Control+k")
    page.keyboard.type("forget gate")
    page.keyboard.press("Enter")
    page.wait_for_selector("#search-results li a")
    page.locator("#search-results li a").first.click()
    page.wait_for_url("**/book/05-lstm.html#the-forget-gate-is-a-clock")
    # The page goes there, and stays: what moves while it is laid out has come to rest.
    there = "() => Math.abs(document.getElementById('the-forget-gate-is-a-clock').getBoundingClientRect().top) < 300"
    page.wait_for_function(there)


def test_what_is_typed_is_searched_at_once(visit, address):
    page = visit(f"{address}/search.html").page
    page.wait_for_function("() => Boolean(window.rnnbookFind)")
    page.locator(".bd-search-container input").fill("zzzz")
    assert "Nothing was found" in page.locator("#search-count").text_content()
    page.locator(".bd-search-container input").fill("梯度消失")
    assert "product" in page.locator("#search-results a").first.get_attribute("href")
    assert "q=" in page.url
