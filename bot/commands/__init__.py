"""What the subcommands of ``baitiao`` do."""
