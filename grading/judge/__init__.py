"""From one submission to its verdict."""
