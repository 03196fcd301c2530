"""Houses for every test here."""

from tests.support.houses import (
    house,
    new_house,
    pytest_collection_modifyitems,
    pytest_runtest_makereport,
    world,
)

__all__ = [
    "house",
    "new_house",
    "pytest_collection_modifyitems",
    "pytest_runtest_makereport",
    "world",
]
