"""What developers run on the tree: generated files, measurements. Not packaged; production imports nothing from here."""
