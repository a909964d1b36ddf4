"""`python -m unionhall` is the command `unionhall`."""

from unionhall.jobs.cli import main

main()
