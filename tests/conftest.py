"""Fixtures every test may ask for."""

import sys

import structlog
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.support.database"]

# How long an example takes says how busy the machine is, not whether it holds; and what fails
# somewhere must fail everywhere: the examples are the same on every machine.
settings.register_profile(
    "wayhome", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("wayhome")

# An engine of an earlier test may still say how its last message fared while another test reads
# what a command wrote to stdout: what nobody has told where to log goes to the real stderr.
structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.__stderr__))
