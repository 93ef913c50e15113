"""Of what a student says about sizes nothing is believed: what would be made of it here is compared first."""

import tracemalloc

import numpy as np
import pytest

from rnnchecks.e08_language import train_char_rnn
from rnnchecks.e11_comparison import train_all


@pytest.fixture
def memory():
    """Counts the bytes that a test holds at most, beyond what it began with."""
    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()


@pytest.mark.parametrize("shape", [(12_000,), (12_000, 1), (), (0, 0)])
@pytest.mark.parametrize("cell", ["RNN", "LSTM", "GRU"])
def test_no_net_is_built_of_as_many_units_as_somebody_names(memory, cell, shape):
    net = {"rnn.W_hh": np.zeros(shape, np.float32)}
    with pytest.raises(ValueError, match="1 to 1024 units|expected parameters"):
        train_all.read_net(cell, net, 3, 5)
    assert memory() < 2**24


def test_no_weights_are_copied_before_their_shapes_fit(memory):
    large = np.broadcast_to(np.zeros(()), (11_000, 11_000))
    for weights in ([large] * 5, [np.zeros((7, 3)), large[:3, :3], np.zeros(3), large, np.zeros(7)]):
        with pytest.raises(ValueError, match="1 to 1,024 units|has shape"):
            train_char_rnn.read(weights, 7)
    assert memory() < 2**24


def test_nets_of_an_ordinary_size_are_read():
    H, V = 64, 7
    weights = [np.zeros(shape) for shape in ((V, H), (H, H), (H,), (H, V), (V,))]
    assert [w.shape for w in train_char_rnn.read(weights, V)] == [w.shape for w in weights]
