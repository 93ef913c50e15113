"""From a learning platform's downloads to submitted/."""
