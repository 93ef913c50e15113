"""All that is mounted inside the sandbox: these files run there, next to the student's code."""
