"""Mark a class: which submissions, in which order, on which processes."""
