"""Settings of all tests."""

from hypothesis import Phase, settings

settings.register_profile("default", deadline=None)
settings.register_profile(  # of tests/mutate.py: a failure is enough, nobody reads it
    "mutation", deadline=None, database=None, derandomize=True, phases=[Phase.explicit, Phase.generate]
)
settings.load_profile("default")
