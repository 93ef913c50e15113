"""What answers a student, whichever function they write: cases, calls, comparison, misconceptions, verdicts."""
