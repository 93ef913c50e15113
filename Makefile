# Everything a person runs. `make` alone prepares the course; `make help` lists the rest.
# Needs Python 3.11 or later, make and git. All else goes into .venv, and nothing outside this folder is read or changed.
# A step shows one line; all that it said lies in _build/logs, and its end is shown if it fails. VERBOSE=1 shows everything.

PYTHON ?= python3
VENV   := .venv
FORMGRADER := $(VENV)/share/jupyter/nbconvert/templates/formgrade
# Always this interpreter, by its path: an active environment or another python on PATH never matters.
PY     := $(CURDIR)/$(VENV)/bin/python
READY  := $(VENV)/.ready
# $(call step,NAME,COMMAND) runs a step; $(call pytest,NAME,ARGUMENTS) one that runs tests, and counts them.
step    = "$(PY)" tools/step.py "$(1)" -- $(2)
pytest  = "$(PY)" tools/step.py --results "_build/results/$(1).xml" "$(1)" -- \
          "$(PY)" -m pytest --junitxml="_build/results/$(1).xml" $(2)
export VERBOSE

# One thread per process: nets this small run slower on two, and the numbers in the book are made so.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
export MKL_NUM_THREADS := 1
# What a shell may carry in from elsewhere: another Python's modules, pip's other destinations, a graphics window.
unexport PYTHONPATH PYTHONHOME PYTHONSTARTUP VIRTUAL_ENV CONDA_PREFIX PIP_USER PIP_TARGET PIP_PREFIX MPLBACKEND
export PYTHONNOUSERSITE := 1
export PYTHONSAFEPATH :=
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Kernels, start-up files and settings under the user's home stay out: the book runs on the kernel `python3` of .venv.
export JUPYTER_PATH :=
export JUPYTER_PREFER_ENV_PATH := 1
export JUPYTER_PLATFORM_DIRS := 1
export JUPYTER_CONFIG_DIR := $(CURDIR)/_build/home/jupyter
export JUPYTER_DATA_DIR := $(CURDIR)/_build/home/jupyter-data
export IPYTHONDIR := $(CURDIR)/_build/home/ipython
export MPLCONFIGDIR := $(CURDIR)/_build/home/matplotlib

.DEFAULT_GOAL := all
.PHONY: all help groups setup book pictures pdf serve release grade demo bench lock claims clean wheel test \
        test-quick test-checks test-notebooks test-site test-grading test-mutants test-all-mutants test-all-seeds test-bare test-hub test-all-barriers test-all-processors

all: release book  ## set up .venv, release the exercises, build the book
	@echo
	@echo "Read      _build/html/index.html, or: make serve"
	@echo "Practise  $(VENV)/bin/jupyter lab   (and there exercises, one notebook for each chapter)"
	@echo "Teach     make grade marks what lies in submitted/; make help lists the rest"

help:  ## show this list
	@grep -hE '^[a-z-]+:.*##' Makefile | awk -F ':.*## ' '{ printf "make %-15s %s\n", $$1, $$2 }'

# ---- Set-up ---------------------------------------------------------------------------------------------------

# The stamp holds the folder it was made in. A missing stamp (a set-up that broke off), a dead interpreter or a moved
# folder starts .venv afresh; changed requirements update it in place.
VENV_STATE := $(shell [ "`cat $(READY) 2>/dev/null`" = "$(CURDIR)" ] && "$(PY)" -I -c 'import pip' 2>/dev/null && echo good)
ifneq ($(VENV_STATE),good)
.PHONY: $(READY)
endif

setup: $(READY)  ## set up .venv only

$(READY): requirements.txt pyproject.toml
	@command -v "$(PYTHON)" >/dev/null || { \
	  echo "No $(PYTHON) on this machine. Install Python 3.11 or later, or name one: make PYTHON=/path/to/python3"; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$(PYTHON) is `"$(PYTHON)" --version 2>&1`; this course needs 3.11 or later. Name another: make PYTHON=python3.12"; exit 1; }
	@[ "$(VENV_STATE)" = good ] || { \
	  rm -rf "$(VENV)"; \
	  "$(PYTHON)" -m venv "$(VENV)" && "$(PY)" -c 'import pip' || { \
	    rm -rf "$(VENV)"; \
	    echo "$(PYTHON) cannot make a virtual environment. On Debian and Ubuntu: sudo apt install python3-venv"; exit 1; }; }
	@echo "Installing the packages of requirements.txt into $(VENV). This happens once and takes a few minutes."
	@$(call step,Packages,"$(PY)" -m pip install --no-input --progress-bar off -r requirements.txt)
	@"$(PY)" -m pip install -qq --no-input --no-deps --no-build-isolation -e .
	@# What a wheel brings along and an installation in place does not.
	@mkdir -p $(FORMGRADER) && cp grading/gradebook/templates/* $(FORMGRADER)
	@printf '%s' "$(CURDIR)" > $(READY)

# requirements.txt names a release of torch, not a build of it: the suffix and the packages of one maker's graphics
# cards that some builds bring along are dropped, so the file suits a machine with only a processor.
lock:  ## write requirements.txt anew from pyproject.toml
	@[ -x "$(PY)" ] || $(MAKE) setup
	CUSTOM_COMPILE_COMMAND="make lock" "$(PY)" -m piptools compile --quiet --all-extras --all-build-deps --allow-unsafe \
	  --strip-extras --no-emit-options --output-file requirements.txt pyproject.toml $(LOCKFLAGS)
	@awk '/^[^ #]/ { drop = /^(nvidia|cuda|triton)/ } !drop { sub(/^torch==[0-9.]+\+[a-z0-9]+/, substr($$0, 1, index($$0, "+") - 1)); print }' \
	  requirements.txt > requirements.new && mv requirements.new requirements.txt
	@! grep -nE '://|(^| )/' requirements.txt
	@# Every version must also suit the oldest Python that is supported, whichever wrote the file.
	@"$(PY)" -m pip install -qq --dry-run --no-deps --ignore-installed --target _build/unused --only-binary=:all: \
	  --python-version 3.11.0 -r requirements.txt

# ---- The book and the exercises -------------------------------------------------------------------------------

book: $(READY)  ## build the book to _build/html (warnings are errors)
	@# Sphinx remembers a page that it warned about as done; after a failure it has to forget, or the next build passes.
	@$(call step,The book,"$(PY)" $(VENV)/bin/jupyter-book build -n -W --keep-going .) || { rm -rf _build/.doctrees; exit 1; }
	@$(call step,For students,"$(PY)" tools/for_students.py _build/html/book)

pdf: book  ## make one PDF of the whole book, _build/book.pdf, with a browser (some minutes)
	@$(call step,PDF,"$(PY)" tools/pdf.py)

# They are committed. A test says when the book has moved on.
pictures: book  ## draw the picture that a link to the book shows, and README's, with a browser
	"$(PY)" tools/pictures.py

serve: all  ## build, then show the book at http://localhost:8000
	"$(PY)" -m http.server --bind 127.0.0.1 --directory _build/html 8000

# NAME=05-lstm limits these three to one exercise.
release: $(READY)  ## make the students' notebooks in exercises/ from solutions/, and _build/course-for-students.zip
	"$(PY)" -m grading release $(NAME)
	@$(call step,For students,"$(PY)" tools/for_students.py _build)

grade: $(READY)  ## mark what is new in submitted/ (JOBS=2 at a time); without submissions, a demonstration class
	"$(PY)" -m grading grade $(NAME) $(if $(JOBS),--jobs $(JOBS))

demo: $(READY)  ## make a demonstration class of twelve in submitted/
	"$(PY)" -m grading demo $(NAME)

bench: $(READY)  ## measure rnnlib against torch, and marking against nbgrader (STUDENTS=1000 for a large class)
	"$(PY)" -m benchmarks
	"$(PY)" -m benchmarks.grading $(if $(STUDENTS),--students $(STUDENTS))

# Only what the record lacks is run, so it can be stopped and started again. On two cores: JOBS=2.
claims: $(READY)  ## try the book's claims on fresh seeds, ten times each (NAME=gradients: of one chapter; JOBS=2 at a time)
	@$(call step,Claims,"$(PY)" -m experiments $(if $(JOBS),--jobs $(JOBS)) $(NAME))

# ---- Tests ----------------------------------------------------------------------------------------------------

GROUPS := test-quick test-mutants test-checks test-notebooks test-site test-grading test-hub

test: $(READY)  ## run every test, and say at the end what was left out and why (NOTHING_LEFT_OUT=1: that is a failure)
	@MAKE="$(MAKE)" "$(PY)" tools/groups.py $(if $(NOTHING_LEFT_OUT),--nothing-left-out) $(GROUPS)

groups:  # the names of the groups, for the workflows
	@echo $(GROUPS)

# Three groups measure what share of the lines of their package they run. Of rnnlib and rnnchecks, under 98 % is a failure.
# Of grading it is under GRADING_LINES, and only where nothing may be left out: without a sandbox far fewer are run. Its
# lines that run in processes of their own alone, such as a judge's loop, are not seen and count as not run.
MEASURED := --cov-report= --cov-fail-under=0 --cov
GRADING_LINES := 65
test-quick test-checks test-grading: export COVERAGE_FILE = $(CURDIR)/_build/$@.coverage

test-quick: $(READY)  ## style, type hints, the tests of rnnlib and of the experiments, docstrings' examples, lines that no test runs
	@$(call step,Style,"$(PY)" -m ruff check .)
	@$(call step,Format,"$(PY)" -m ruff format --check .)
	@$(call step,Types,"$(PY)" -m mypy)
	@$(call pytest,Library,-n 2 rnnlib tests/rnnlib tests/digests tests/tools tests/experiments $(MEASURED)=rnnlib)
	@$(call step,Lines of the library,"$(PY)" -m coverage report)

test-mutants: $(READY)  ## bugs put into rnnlib: its tests must notice each
	@$(call pytest,Injected bugs,-n 2 tests/mutants)

test-all-mutants: $(READY)  ## every fault that can be made from the library's source: for a night, and before a release
	@$(call pytest,All injected bugs,-n 2 tests/mutants --all-mutants)

test-checks: $(READY)  ## the tests of the exercises' checks, lines that no test runs
	@$(call pytest,Checks,-n 2 rnnchecks tests/rnnchecks $(PROMISED) $(MEASURED)=rnnchecks)
	@$(call step,Lines of the checks,"$(PY)" -m coverage report)

test-all-seeds: $(READY)  ## the same on fifty seeds in place of five: for a night, and before a release
	@$(call pytest,Checks on all seeds,-n 2 tests/rnnchecks/test_catalogues.py --all-seeds)

test-notebooks: $(READY)  ## the solutions run, the exercises are in step with them and leak nothing
	@$(call pytest,Exercises,-n 2 tests/notebooks)
	@$(call pytest,Solutions,-n 2 --dist loadfile --nbval-lax --nbval-current-env solutions)

test-site: book  ## the book builds without a warning; its pages are sound in a browser
	@$(call step,Browser,"$(PY)" tools/browser.py)
	@$(call pytest,Site,-n 2 tests/site)

test-all-barriers: book  ## every page in both themes against every rule of axe: for a night, and before a release
	@$(call step,Browser,"$(PY)" tools/browser.py)
	@$(call pytest,Every barrier,-n 2 tests/site/every_barrier.py)

# The last digits of a product differ between processors, a long training follows them elsewhere, and a sentence of a page
# may not hang on that. So: kernels of OpenBLAS and PyTorch that every x86 processor of the last ten years can run.
PROCESSORS := Sandybridge Haswell
test-all-processors: $(READY)  ## the book as other processors compute it: for a night, and before a release
	@for kind in $(PROCESSORS); do \
	  OPENBLAS_CORETYPE=$$kind ATEN_CPU_CAPABILITY=default $(call step,The book by $$kind,"$(PY)" $(VENV)/bin/jupyter-book build \
	    -n -W --keep-going --path-output _build/by-$$kind .) || exit 1; done

# Where nothing may be left out, a promise of book/grading.md that was not tried is a failure. Their tests are in three
# groups, and each group sees that those of its own have run and passed.
PROMISED = $(if $(NOTHING_LEFT_OUT),--promises)

test-grading: $(READY)  ## a planted class gets the marks it should, lines that no test runs
	@$(call pytest,Grading,-n 2 --dist loadfile tests/grading $(PROMISED) $(MEASURED)=grading)
	@$(call step,Lines of the grader,"$(PY)" -m coverage report --fail-under=$(if $(NOTHING_LEFT_OUT),$(GRADING_LINES),0))

test-hub: $(READY)  ## an exercise on a JupyterHub, and hostile answers in formgrader, in a browser
	@$(call pytest,Hub,-n 2 --dist loadfile tests/hub $(PROMISED))

# What a machine has that brings Python, make and git, and nothing else that this course could use.
OTHERS := bwrap initdb pg_ctl postgres psql chromium chromium-browser google-chrome
test-bare: $(READY)  ## the sandbox and the database, with the programs that come with the packages alone
	@"$(PY)" tools/bare.py $(OTHERS) -- $(call pytest,Bare machine,-n 2 tests/grading/sandbox tests/grading/gradebook/test_postgresql.py)

# ---- Release --------------------------------------------------------------------------------------------------

wheel: $(READY)  ## build the wheel into dist/, and try it in an environment of its own
	@rm -rf dist build
	@$(call step,Wheel,"$(PY)" -m build --wheel --no-isolation --outdir dist)
	@$(call step,Wheel tried,"$(PY)" tools/try_wheel.py dist)

clean:  ## remove what make made, but keep .venv (make clean VENV_TOO=1 removes it as well)
	rm -rf _build build dist *.egg-info .pytest_cache .hypothesis .ruff_cache .mypy_cache .coverage
	find . -path ./$(VENV) -prune -o -type d -name __pycache__ -exec rm -rf {} +
	$(if $(VENV_TOO),rm -rf "$(VENV)")
