"""`python -m bench.loyalty`: see the package."""

import sys

from bench.loyalty import main

main(sys.argv[1:])
