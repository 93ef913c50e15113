"""Pages and tables, for the student and for the instructor."""
