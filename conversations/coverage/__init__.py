"""What conversation tests and simulated customers reach of everything the assistant knows and does; production code knows nothing of it."""
