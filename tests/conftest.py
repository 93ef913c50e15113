"""Settings every test shares."""

import os

# Before numpy is imported anywhere: one thread per process, as the Makefile sets it for everything else.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
