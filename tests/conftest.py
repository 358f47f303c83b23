"""Settings of all tests."""

import os

from hypothesis import settings

os.environ["LC_ALL"] = "C.UTF-8"  # reports follow the language of the environment
settings.register_profile("default", deadline=None)
settings.load_profile("default")
