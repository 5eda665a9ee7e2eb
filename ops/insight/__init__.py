"""The insight report: what customers ask, where they fail, and what to mend first; every number with its unit, its n and its interval."""
