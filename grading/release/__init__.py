"""From solutions/ to exercises/."""
