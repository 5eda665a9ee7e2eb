"""What the law asks, and the proof that it is done: obligations with their controls, clocks of complaints, watch over accesses, monthly reports."""
