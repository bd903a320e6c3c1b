"""The whole system on this machine, on embedded defaults, and the life it plays.  It only runs the real parts."""
