"""What makes the recurrent layers fast, apart from what they compute: see README.md in this folder for the reasons.

Nothing here is part of the public interface. `rnnlib.rnn`, `rnnlib.lstm` and `rnnlib.gru` hold the equations, check
their arguments, and call ``forward`` and ``backward`` of the module here that has their name.
"""
