"""Takes personal numbers, codes, names and addresses out of texts before anything stores, logs or forwards them."""

from actions.masking.mask import Masked, mask, warm_up

__all__ = ["Masked", "mask", "warm_up"]
