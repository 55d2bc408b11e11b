"""What holds for every test."""

from hypothesis import settings

# A loaded machine is no finding: no test here is about time.
settings.register_profile("callrecords", deadline=None)
settings.load_profile("callrecords")
