"""Fixtures every test may ask for."""

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.support.database"]

# How long an example takes says how busy the machine is, not whether it holds; and what fails
# somewhere must fail everywhere: the examples are the same on every machine.
settings.register_profile(
    "wayhome", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("wayhome")
