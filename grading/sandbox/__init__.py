"""Where students' code runs, seen from outside the wall."""
