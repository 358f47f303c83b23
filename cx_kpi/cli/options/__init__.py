"""From the words of the command line and the configuration to the options of a run."""
