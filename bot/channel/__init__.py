"""What channels share: who is speaking, what they may send, and one atomic turn per message."""
