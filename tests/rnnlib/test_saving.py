"""Weights on disk: they come back as they were, and a wrong file says what is wrong."""

import pickle
import zipfile

import numpy as np
import pytest

from rnnlib import RNN, LanguageModel, Linear
from rnnlib.saving import load, save


def params(seed=0, dtype=np.float32):
    options = {"rng": np.random.default_rng(seed), "dtype": dtype}
    return dict(LanguageModel(RNN(5, 8, **options), Linear(8, 5, **options)).params)


def test_weights_come_back_in_place(tmp_path):
    saved, loaded = params(0), params(1)
    own = dict(loaded)
    save(tmp_path / "weights", saved)  # no suffix is added
    load(tmp_path / "weights", loaded)
    for name, p in loaded.items():
        assert p is own[name]
        np.testing.assert_array_equal(p, saved[name])
    assert [file.name for file in tmp_path.iterdir()] == ["weights"]


def test_the_dtype_is_that_of_the_model(tmp_path):
    saved, loaded = params(0, np.float64), params(1)
    save(tmp_path / "weights.npz", saved)
    load(str(tmp_path / "weights.npz"), loaded)
    assert loaded["rnn.W_hh"].dtype == np.float32
    np.testing.assert_array_equal(loaded["rnn.W_hh"], saved["rnn.W_hh"].astype(np.float32))


def test_a_failure_leaves_the_old_file_whole(tmp_path):
    class Fails:
        def __array__(self, *_, **__):
            raise KeyboardInterrupt

    saved, loaded = params(0), params(1)
    save(tmp_path / "weights.npz", saved)
    with pytest.raises(KeyboardInterrupt):
        save(tmp_path / "weights.npz", {**params(2), "last": Fails()})
    load(tmp_path / "weights.npz", loaded)
    np.testing.assert_array_equal(loaded["out.b"], saved["out.b"])
    assert len(list(tmp_path.iterdir())) == 1


def garbage(path):
    path.write_bytes(b"no archive at all")


def nothing(path):
    path.write_bytes(b"")


def other_zip(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")


def pickled(path):
    path.write_bytes(pickle.dumps(params()))


def objects(path):
    np.savez(path, **{**params(), "out.b": np.array([{"a": 1}], dtype=object)})


def integers(path):
    np.savez(path, **{**params(), "out.b": np.arange(5)})


def cut_short(path):
    save(path, params())
    path.write_bytes(path.read_bytes()[:-200])


def damaged(path):
    save(path, params())
    content = bytearray(path.read_bytes())
    content[300] ^= 255  # inside the first array
    path.write_bytes(content)


def single_array(path):
    with open(path, "wb") as file:
        np.save(file, np.zeros(3))


@pytest.mark.parametrize(
    "write", [garbage, nothing, other_zip, pickled, objects, integers, cut_short, damaged, single_array]
)
def test_a_file_that_is_none_is_refused_by_name(tmp_path, write):
    path, model = tmp_path / "weights.npz", params()
    write(path)
    with pytest.raises(ValueError, match=r"path: expected an \.npz file written by save, got .*weights\.npz: "):
        load(path, model)
    np.testing.assert_array_equal(model["out.W"], params()["out.W"])


def test_a_file_of_another_model_is_refused_and_changes_nothing(tmp_path):
    path, model = tmp_path / "weights.npz", params()
    save(path, {"rnn.W_xh": np.zeros((5, 8)), "embedding.W": np.zeros((5, 3))})
    with pytest.raises(ValueError, match=r"missing \['out.W', .*\], unknown \['embedding.W'\]"):
        load(path, model)
    save(path, {**params(1), "out.W": np.zeros((9, 5))})
    with pytest.raises(ValueError, match=r"path: expected out.W of shape \(8, 5\), got \(9, 5\)"):
        load(path, model)
    with pytest.raises(FileNotFoundError, match="path: expected a file written by save, found none at .*nowhere"):
        load(tmp_path / "nowhere.npz", model)
    for name, p in params().items():
        np.testing.assert_array_equal(model[name], p)
