"""Statistics: pure functions of numbers. No SQL, no clock; numpy and scipy are imported here and nowhere else in ``ops``."""
