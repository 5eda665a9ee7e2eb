"""Badges: whether a product can be paid in installments, said where the customer looks, from the same source as the chat."""
