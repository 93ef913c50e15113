"""How many numbers a recurrent net has."""

from rnnchecks.engine.problem import Problem

problem = Problem("forward.count_parameters", "02-forward", task=4, outputs={"count": ""}, tolerance=1e-9)


@problem.reference
def count_parameters(D, H, K):
    """W_xh, W_hh and b_h, then W_hy and b_y."""
    return D * H + H * H + H + H * K + K


@problem.special("D = 4, H = 2, K = 6")
def D_4_H_2_K_6(rng):
    return 4, 2, 6


@problem.special("D = 4, H = 5, K = 7")
def D_4_H_5_K_7(rng):
    return 4, 5, 7


@problem.special("other sizes", like="D = 4, H = 2, K = 6")
def other_sizes(rng):
    return rng.permutation([3, 8, 11]).tolist()


@problem.special("one hidden unit, H = 1", hidden=True)
def one_hidden_unit_H_1(rng):
    return 3, 1, 5


@problem.special("a net for the sonnets, D = K = 61 and H = 100", like="D = 4, H = 5, K = 7")
def a_net_for_the_sonnets_D_K_61_and_H_100(rng):
    return 61, 100, 61


@problem.misconception("Count the numbers in b_h and b_y too: each unit adds a constant of its own.")
def no_biases(D, H, K):
    return D * H + H * H + H * K


@problem.misconception("The bias of the outputs is counted. Which other layer adds a bias?")
def no_hidden_bias(D, H, K):
    return D * H + H * H + H * K + K


@problem.misconception("The bias of the state is counted. Which other layer adds a bias?")
def no_output_bias(D, H, K):
    return D * H + H * H + H + H * K


@problem.misconception(
    "This is the count of a feed-forward net with one hidden layer. Which weights make it recurrent?"
)
def no_recurrent_weights(D, H, K):
    return D * H + H + H * K + K


@problem.misconception(
    "You count one recurrent weight for each unit. Which units of the state before does a unit listen to: only "
    "itself, or all of them?"
)
def one_recurrent_weight_per_unit(D, H, K):
    return D * H + H + H + H * K + K


@problem.misconception("This is the recurrent layer alone. What turns its state into K numbers?")
def no_output_layer(D, H, K):
    return D * H + H * H + H


@problem.misconception(
    "You have H numbers too many. How many biases does the equation of h_t hold? And h_0 is given here, not learned."
)
def h_numbers_too_many(D, H, K):
    return D * H + H * H + H + H + H * K + K


@problem.misconception("You give the output layer the width of the input. What does y_t read: x_t or h_t?")
def outputs_read_the_input(D, H, K):
    return D * H + H * H + H + D * K + K
