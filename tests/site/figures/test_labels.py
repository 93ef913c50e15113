"""What is written in a drawing can be read, on a desk, on a phone and on a small phone."""

import pytest

# Labels that lie on one another, or are cut by the edge of the drawing, by more than a pixel or two.
CLASHES = """svg => {
  const edge = svg.getBoundingClientRect(), found = [];
  const all = [...svg.querySelectorAll("text")].map(node => [node.textContent, node.getBoundingClientRect()]);
  all.forEach(([words, a], n) => {
    if (a.left < edge.left - 1 || a.right > edge.right + 1) found.push([words, "cut"]);
    for (const [other, b] of all.slice(n + 1)) {
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      if (across > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 5) found.push([words, other]);
    }
  });
  return found;
}"""
LOOKS = ["recall", "recall?recall.damage=50", "loop", "loop?loop.two=true", "triangle", "gradients",
         "gradients?gradients.lag=64", "gradients?gradients.gain=2.6&gradients.kind=identity&gradients.lag=64",
         "gradients?gradients.gain=0.4", "gates", "gates?gates.part=counter", "writes", "looking", "scan"]  # fmt: skip


@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("look", LOOKS)
def test_no_label_lies_on_another_or_is_cut(play, look, width):
    name, _, query = look.partition("?")
    figure = play(name, f"?{query}", width=width)
    figure.says(r"\w")
    assert figure.picture.evaluate(CLASHES) == []
