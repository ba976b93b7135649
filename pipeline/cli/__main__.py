"""`python -m pipeline.cli`: the command without an installation."""

import sys

from pipeline.cli import main

sys.exit(main())
