"""The command line. Its modules import heavy things inside commands, so that help is instant."""
