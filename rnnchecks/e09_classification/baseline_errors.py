"""The errors of three rules that a forecaster has to beat."""

import numpy as np

from rnnchecks.engine.problem import Problem

problem = Problem(
    "classification.baseline_errors",
    "09-classification",
    task=6,
    outputs={"last_value": "", "season": "", "seasons_change": ""},
)


@problem.reference
def baseline_errors(values, cut, horizon, season):
    """Forecast every value from the cut on, and take the root of the mean squared error."""
    t = np.arange(cut, len(values))
    last, same = values[t - horizon], values[t - season]
    change = last + same - values[t - season - horizon]
    return tuple(np.sqrt(np.mean((f - values[t]) ** 2)) for f in (last, same, change))


def series(rng, N, season):
    """Draw a series with a season, a climb and noise."""
    n = np.arange(N)
    return 5 + 0.1 * n + 4 * np.sin(2 * np.pi * n / season) + 0.5 * rng.standard_normal(N)


@problem.special("60 values, one step ahead, a season of 12")
def case_60_values_one_step_ahead_a_season_of_12(rng):
    return series(rng, 60, 12), 40, 1, 12


@problem.special("50 values, three steps ahead, a season of 7")
def case_50_values_three_steps_ahead_a_season_of_7(rng):
    return series(rng, 50, 7), 30, 3, 7


@problem.special("a whole season ahead", hidden=True)
def a_whole_season_ahead(rng):
    return series(rng, 40, 4), 20, 4, 4


@problem.special("a single test value", hidden=True)
def a_single_test_value(rng):
    return series(rng, 31, 5), 30, 2, 5


def forecasts(values, cut, horizon, season):
    """Return the targets and the three forecasts."""
    t = np.arange(cut, len(values))
    last, same = values[t - horizon], values[t - season]
    return values[t], (last, same, last + same - values[t - season - horizon])


def judged(error, *args):
    """Judge the right forecasts with another measure."""
    y, found = forecasts(*args)
    return tuple(error(f - y) for f in found)


def replaced(args, **others):
    """Return the right answers with some of them replaced by the error of another forecast."""
    y, right = forecasts(*args)
    chosen = dict(zip(("last_value", "season", "seasons_change"), right)) | others
    return tuple(np.sqrt(np.mean((f - y) ** 2)) for f in chosen.values())


@problem.misconception("These are mean squared errors. The root brings them back to the unit of the series.")
def no_root(values, cut, horizon, season):
    return judged(lambda e: np.mean(e**2), values, cut, horizon, season)


@problem.misconception(
    "You average the absolute errors. That is a measure in use, too; the root mean squared error is asked for."
)
def absolute_errors(values, cut, horizon, season):
    return judged(lambda e: np.mean(np.abs(e)), values, cut, horizon, season)


@problem.misconception("The root is taken of the sum of the squared errors, so a longer test part looks worse.")
def sum_not_mean(values, cut, horizon, season):
    return judged(lambda e: np.sqrt(np.sum(e**2)), values, cut, horizon, season)


@problem.misconception("You average over the training part as well. Only targets from the cut on count.")
def judged_on_all_values(values, cut, horizon, season):
    return baseline_errors(values, season + horizon, horizon, season)


@problem.misconception(
    "Your first targets are missing: those whose past lies before the cut. That past is known when you forecast."
)
def no_look_over_the_cut(values, cut, horizon, season):
    return baseline_errors(values, min(cut + season + horizon, len(values) - 1), horizon, season)


@problem.misconception(
    "Your last value is the one right before the target. With a longer horizon you do not have it yet."
)
def yesterday_whatever_the_horizon(values, cut, horizon, season):
    t = np.arange(cut, len(values))
    _, (_, same, _) = forecasts(values, cut, horizon, season)
    last = values[t - 1]
    return replaced(
        (values, cut, horizon, season), last_value=last, seasons_change=last + same - values[t - season - 1]
    )


@problem.variant("yesterday-whatever-the-horizon")
def yesterday_in_the_first_forecast(values, cut, horizon, season):
    last = values[np.arange(cut, len(values)) - 1]
    return replaced((values, cut, horizon, season), last_value=last)


@problem.misconception(
    "Your season is counted from the last known value, so you forecast another month. One season before what?"
)
def season_before_the_last_value(values, cut, horizon, season):
    t = np.arange(cut, len(values))
    return replaced((values, cut, horizon, season), season=values[t - season - horizon])


@problem.misconception("You take the season's change away where it should be added.")
def change_the_wrong_way_round(values, cut, horizon, season):
    _, (last, _, change) = forecasts(values, cut, horizon, season)
    return replaced((values, cut, horizon, season), seasons_change=2 * last - change)


@problem.misconception("Your season's change is the change over one step. Over how many steps do you forecast?")
def change_over_one_step(values, cut, horizon, season):
    t = np.arange(cut, len(values))
    _, (last, same, _) = forecasts(values, cut, horizon, season)
    return replaced((values, cut, horizon, season), seasons_change=last + same - values[t - season - 1])


@problem.misconception(
    "Your three forecasts are made for the value before the target. Check the index of the last value at horizon 1."
)
def one_step_too_early(values, cut, horizon, season):
    y, _ = forecasts(values, cut, horizon, season)
    _, found = forecasts(np.roll(values, 1), cut, horizon, season)
    return tuple(np.sqrt(np.mean((f - y) ** 2)) for f in found)
