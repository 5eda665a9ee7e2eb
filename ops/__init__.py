"""The operators' half: what watches over the assistant and the product. It may use ``actions``; ``actions`` never knows of it."""
