"""What operators are told outside: alerts and incidents, in the forms that teams read."""
