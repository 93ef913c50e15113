"""Honest work that asks Python for what the notebook itself defines (cause H: all of these lost points before)."""

from tests.grading.adversarial.paper import add, cell, collector, solutions, solved, write

OWN_NAMES, hand_in = collector(solved, cause="H")


def using(nb, helper, line):
    """Let `perplexity` need a cell of the student's own, and a line that uses it."""
    assert "use_style" in cell(nb, "imports")["source"]  # whereupon IPython is loaded
    add(nb, helper)
    text = solutions()["perplexity"].splitlines()
    at = next(i for i, part in enumerate(text) if '"""' in part)
    end = at if text[at].count('"""') == 2 else next(i for i in range(at + 1, len(text)) if '"""' in text[i])
    text.insert(end + 1, f"    {line}")
    write(nb, "perplexity", "\n".join(text))


@hand_in("a pool of processes and one of threads that run a function of the notebook")
def pools(nb):
    using(nb, """
        from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
        def part(n):
            return n * n
        """, "for pool in (ThreadPoolExecutor, ProcessPoolExecutor): "
             "assert list(pool(2).map(part, range(3))) == [0, 1, 4]")  # fmt: skip


@hand_in("a Pool of multiprocessing, a queue, and a manager's dict")
def multiprocessing_pool(nb):
    using(nb, """
        import multiprocessing
        def square(n):
            return n * n
        def squares(n):
            with multiprocessing.Pool(2) as pool, multiprocessing.Manager() as manager:
                found = manager.dict()
                for i, value in enumerate(pool.map(square, range(n))):
                    found[i] = value
                return dict(found)
        """, "assert squares(3) == {0: 0, 1: 1, 2: 4}")  # fmt: skip


@hand_in("keeps an instance of its own dataclass with pickle, and takes it out again")
def pickled_dataclass(nb):
    using(nb, """
        from __future__ import annotations
        import dataclasses, pickle
        @dataclasses.dataclass
        class Settings:
            rate: float = 0.1
        """, "assert pickle.loads(pickle.dumps(Settings(0.5))) == Settings(0.5)")  # fmt: skip


@hand_in("copies its own enum and namedtuple through pickle")
def pickled_enum(nb):
    using(nb, """
        import collections, enum, pickle
        Shape = collections.namedtuple("Shape", "T B D")
        class Kind(enum.Enum):
            FEW = 1
            MANY = 2
        """, "assert pickle.loads(pickle.dumps((Shape(1, 2, 3), Kind.MANY)))[1] is Kind.MANY")  # fmt: skip


@hand_in("asks for the types of its own class, which stand there as words")
def type_hints(nb):
    using(nb, """
        from __future__ import annotations
        import typing
        class Cell:
            pass
        class Net:
            cells: list[Cell]
        """, "assert typing.get_type_hints(Net)['cells'] == list[Cell]")  # fmt: skip


@hand_in("imports __main__ to set a number that its function reads")
def imports_main(nb):
    using(nb, """
        import __main__
        __main__.BASE = 2.0
        """, "assert BASE == 2.0")  # fmt: skip


@hand_in("asyncio: a server of its own, a client, a program, and a thread beside them")
def asyncio_server(nb):
    using(nb, """
        import asyncio
        async def answer(reader, writer):
            writer.write(await reader.readline())
            await writer.drain()
            writer.close()
        async def talk():
            server = await asyncio.start_server(answer, "127.0.0.1", 0)
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            writer.write(b"hello\\n")
            heard = await reader.readline()
            writer.close()
            server.close()
            program = await asyncio.create_subprocess_exec("true")
            return heard, await program.wait(), await asyncio.to_thread(len, "abc")
        def talked():
            from concurrent.futures import ThreadPoolExecutor
            return ThreadPoolExecutor(1).submit(lambda: asyncio.run(talk())).result()
        """, "assert talked() == (b'hello\\n', 0, 3)")  # fmt: skip


@hand_in("files: touches, copies with their times, locks, zips, a database on disk")
def files(nb):
    using(nb, """
        import fcntl, os, pathlib, shutil, sqlite3, tempfile, zipfile
        def kept():
            folder = pathlib.Path(tempfile.mkdtemp())
            (folder / "a").touch()
            (folder / "a").write_text("text")
            shutil.copy2(folder / "a", folder / "b")
            shutil.copytree(folder, folder.parent / "copy", dirs_exist_ok=True)
            with open(folder / "a") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                fcntl.lockf(open(folder / "b", "w"), fcntl.LOCK_EX)
            with zipfile.ZipFile(folder / "z.zip", "w") as packed:
                packed.write(folder / "a", "a")
            base = sqlite3.connect(folder / "x.db")
            base.execute("create table t (n)")
            base.execute("insert into t values (7)")
            base.commit()
            base.close()
            return sqlite3.connect(folder / "x.db").execute("select n from t").fetchall()
        """, "assert kept() == [(7,)]")  # fmt: skip
