"""For all tests: a busy machine is no fault, so hypothesis sets no deadline on one example."""

from hypothesis import settings

settings.register_profile("house", deadline=None)
settings.load_profile("house")
