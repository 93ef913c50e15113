"""What is wrong with a run: rules that are asked in order."""

import numpy as np

from rnnchecks.e04_gradients._runs import CASES, run_of
from rnnchecks.engine.problem import Problem

problem = Problem("gradients.diagnose", "04-gradients", task=6, outputs={"code": "#"})


@problem.reference
def diagnose(losses, norms, flat):
    """The first rule that holds."""
    reach = norms[-1] / norms[0]
    last = losses[-max(1, len(losses) // 10) :].mean()
    finite = np.isfinite(losses).all()
    if finite and last < losses[0] / 2:
        return 0
    if flat > 0.99:
        return 1
    if flat > 0.6:
        return 2
    if reach > 100:
        return 3
    if reach < 0.001:
        return 4
    if not finite or last > 1.2 * losses[0]:
        return 5
    return 6


def last_of(losses):
    """Mean of the last tenth of the losses, of one at least."""
    return losses[-max(1, len(losses) // 10) :].mean()


def signs(losses, norms, flat, last=None):
    """Return which of the rules 0 to 5 hold, each by itself, with another end of the losses if one is given."""
    reach, finite = norms[-1] / norms[0], np.isfinite(losses).all()
    last = last_of(losses) if last is None else last
    return [
        bool(finite and last < losses[0] / 2),
        flat > 0.99,
        flat > 0.6,
        reach > 100,
        reach < 0.001,
        bool(not finite or last > 1.2 * losses[0]),
    ]


def first(rules, order=(0, 1, 2, 3, 4, 5)):
    """Return the first rule of an order that holds, or 6."""
    return next((code for code in order if rules[code]), 6)


for _label, (_hidden, _make) in CASES.items():
    problem.special(_label, hidden=_hidden)(_make)


@problem.special("one loss was infinite, those after it are not", hidden=True)
def one_loss_was_infinite_those_after_it_are_not(rng):
    losses, norms, flat = run_of(rng, 1.4, 0.2, 0.4, 0.0)
    losses[20] = np.inf
    return losses, norms, flat


@problem.special("a last tenth that is not level")
def a_last_tenth_that_is_not_level(rng):
    losses, norms, flat = run_of(rng, 1.4, 0.3, 0.4, 0.0)
    losses[-4:] = 3.0, 0.3, 0.3, 0.3
    return losses, norms, flat


@problem.special("a run of 37 steps that learns, with one bad batch near the end")
def a_bad_batch_near_the_end(rng):
    losses, norms, flat = run_of(rng, 1.4, 0.1, 0.5, 0.0, steps=37)
    losses[:4], losses[4:33], losses[33], losses[34:] = 1.4, 0.1, 3.0, 0.4
    return losses, norms, flat


@problem.misconception(
    "Your reach is the last state's norm over the first state's. norms[0] is lag 0, the last state: which lag is the "
    "first state, and which of the two stands on top?"
)
def reach_upside_down(losses, norms, flat):
    return diagnose(losses, norms[::-1], flat)


@problem.misconception(
    "You ask about the reach before you ask about flat units. Saturated nets have a large reach as well: in which "
    "order do the rules stand?"
)
def gradient_before_flat_units(losses, norms, flat):
    return first(signs(losses, norms, flat), (0, 3, 4, 1, 2, 5))


@problem.misconception(
    "A net in which every unit is flat passes the rule for saturated units too. Which of the two must be asked first?"
)
def saturated_before_dead(losses, norms, flat):
    return first(signs(losses, norms, flat), (0, 2, 1, 3, 4, 5))


@problem.misconception(
    "Where two rules hold, you answer with the later one. The first that holds decides: does your function leave as "
    "soon as it knows?"
)
def last_rule_wins(losses, norms, flat):
    return first(signs(losses, norms, flat), (5, 4, 3, 2, 1, 0))


@problem.misconception(
    "You answer at once when a loss is not finite, or has risen. That is what is seen last, whatever the cause: "
    "exploding gradients end in nan as well. At which place does this rule stand?"
)
def nan_means_rate_too_high(losses, norms, flat):
    return first(signs(losses, norms, flat), (0, 5, 1, 2, 3, 4))


@problem.misconception(
    "A run that learns needs no diagnosis, whatever its gradient looks like. At which place does that rule stand?"
)
def learning_asked_last(losses, norms, flat):
    return first(signs(losses, norms, flat), (1, 2, 3, 4, 5, 0))


@problem.misconception(
    "You compare the mean of all losses. A run that has learned by the end was bad for half of its time: which losses "
    "count?"
)
def mean_of_the_whole_run(losses, norms, flat):
    return first(signs(losses, norms, flat, losses.mean()))


@problem.misconception(
    "You take the mean of the first tenth of the losses, or count it from the wrong end. Which losses are the end of a "
    "run?"
)
def first_tenth(losses, norms, flat):
    return first(signs(losses, norms, flat, losses[: max(1, len(losses) // 10)].mean()))


@problem.misconception(
    "Your last tenth has one loss too many where the number of losses is not a multiple of ten. In Python -37 // 10 is "
    "-4: the minus sign comes first, and // rounds down. Where do brackets belong?"
)
def tenth_rounded_up(losses, norms, flat):
    return first(signs(losses, norms, flat, losses[-len(losses) // 10 :].mean()))


@problem.misconception(
    "You take the norm at the first state itself. The reach is what has become of the gradient on its way: what must "
    "that norm be divided by?"
)
def last_norm_for_the_reach(losses, norms, flat):
    return diagnose(losses, np.array([1.0, norms[-1]]), flat)


@problem.misconception(
    "A loss that is nan slips through your rules. A comparison with nan is always false: how do you ask whether every "
    "loss is finite?"
)
def nan_overlooked(losses, norms, flat):
    return first([*signs(losses, norms, flat)[:5], last_of(losses) > 1.2 * losses[0]])


@problem.variant("nan-overlooked")
def nan_and_infinity_overlooked(losses, norms, flat):
    rules, last = signs(losses, norms, flat), last_of(losses)
    return first([last < losses[0] / 2, *rules[1:5], last > 1.2 * losses[0]])


@problem.misconception(
    "You ask whether a loss is nan. It can be infinite as well, and a run that was is not healthy, whatever came after."
)
def only_nan_counts_as_not_finite(losses, norms, flat):
    no_nan = not np.isnan(losses).any()
    rules = signs(losses, norms, flat)
    return first(
        [
            bool(no_nan and last_of(losses) < losses[0] / 2),
            *rules[1:5],
            bool(not no_nan or last_of(losses) > 1.2 * losses[0]),
        ]
    )


@problem.misconception("You judge by the last loss. One batch may be lucky: which losses does the rule average?")
def the_last_loss_alone(losses, norms, flat):
    return first(signs(losses, norms, flat, losses[-1]))


@problem.misconception(
    "A loss that ends a little higher than it began is noise, and a level one is not a rate that is too high. By what "
    "factor must it have risen?"
)
def any_rise_is_too_high(losses, norms, flat):
    rules = signs(losses, norms, flat)
    return first([*rules[:5], bool(rules[5] or last_of(losses) > losses[0])])


@problem.misconception(
    "You call a run healthy when its loss has fallen at all. Below what share of the first loss must it end?"
)
def any_fall_is_learning(losses, norms, flat):
    learns = np.isfinite(losses).all() and last_of(losses) < losses[0]
    return first([bool(learns), *signs(losses, norms, flat)[1:]])


@problem.misconception(
    "A value exactly at a limit is not beyond it: the rules say more than, and less than. Look at your >= and <=."
)
def at_the_limit(losses, norms, flat):
    rules, reach, last = signs(losses, norms, flat), norms[-1] / norms[0], last_of(losses)
    learns, rises = rules[0] or last == losses[0] / 2, rules[5] or last == 1.2 * losses[0]
    return first([learns, flat >= 0.99, flat >= 0.6, reach >= 100, reach <= 0.001, rises])


@problem.misconception(
    "A run of fewer than ten steps has a tenth of no steps, and losses[-0:] is the whole run. How many losses must the "
    "last tenth have at least?"
)
def no_loss_in_the_tenth(losses, norms, flat):
    return first(signs(losses, norms, flat, losses.mean() if len(losses) < 10 else None))
