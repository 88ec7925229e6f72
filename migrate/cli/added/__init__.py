"""Options that the inventory's commands get when what to do about it is there, too.

A file is named as the command that it adds to.
"""
