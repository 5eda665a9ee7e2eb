"""What came of a policy where it was begun: before and after, against regions where it does not hold."""
